#include "search_spaces/cell_network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"

namespace nas {
namespace {

constexpr int64_t kStemMultiplier = 3;

/// Brings the two inputs of a cell to its channels and size.
std::vector<int64_t> add_inputs(PlanBuilder& plan, const CellSetting& setting, int64_t before_last,
                                int64_t last, const std::string& name) {
  const NetworkPlan first =
      setting.reduction_before
          ? factorized_reduce({setting.before_last, setting.channels, 2, setting.affine})
          : relu_conv_bn({setting.before_last, setting.channels, 1, setting.affine}, 1);
  const NetworkPlan second = relu_conv_bn({setting.last, setting.channels, 1, setting.affine}, 1);
  return {plan.splice(first, before_last, name + ".preprocess0"),
          plan.splice(second, last, name + ".preprocess1")};
}

/// As published for 8x8 maps; larger ones are averaged at the end.
int64_t add_auxiliary_head(PlanBuilder& plan, const TaskShape& task, int64_t input,
                           int64_t channels) {
  const int64_t side = std::min(task.input.height, task.input.width) / 4;
  if (side < 8) {
    throw InputError(
        fmt::format("auxiliary head: found feature maps of {0}x{0} where it "
                    "branches off, expected at least 8x8; set auxiliary: false",
                    side));
  }
  int64_t node = plan.add(Relu{}, {input}, "auxiliary.relu0");
  node = plan.add(AveragePool{5, 3, 0}, {node}, "auxiliary.pool");
  node = plan.add(Convolution{channels, 128, {1, 1}, 1, {0, 0}, 1, 1, false}, {node},
                  "auxiliary.conv1");
  node = plan.add(BatchNorm{128}, {node}, "auxiliary.bn1");
  node = plan.add(Relu{}, {node}, "auxiliary.relu1");
  node = plan.add(Convolution{128, 768, {2, 2}, 1, {0, 0}, 1, 1, false}, {node}, "auxiliary.conv2");
  node = plan.add(BatchNorm{768}, {node}, "auxiliary.bn2");
  node = plan.add(Relu{}, {node}, "auxiliary.relu2");
  node = plan.add(GlobalAveragePool{}, {node}, "auxiliary.average");
  return plan.add(Linear{768, task.classes}, {node}, "auxiliary.classifier");
}

}  // namespace

std::string cell_output_name(int64_t cell) { return fmt::format("cells.{}.concatenate", cell); }

bool is_reduction_cell(int64_t cell, int64_t cells) {
  return cell == cells / 3 || cell == 2 * cells / 3;
}

NetworkPlan cell_network(const CellNetworkOptions& options, const TaskShape& task,
                         const AddNodes& add_nodes) {
  PlanBuilder plan;
  CellSetting setting;
  setting.affine = options.affine;
  setting.channels = options.channels;
  setting.before_last = setting.last = kStemMultiplier * options.channels;
  int64_t last =
      plan.add(Convolution{task.input.channels, setting.last, {3, 3}, 1, {1, 1}, 1, 1, false},
               {PlanBuilder::kInput}, "stem.conv");
  last = plan.add(BatchNorm{setting.last}, {last}, "stem.bn");
  int64_t before_last = last;
  std::optional<int64_t> auxiliary;
  for (int64_t i = 0; i < options.cells; ++i) {
    const std::string name = fmt::format("cells.{}", i);
    setting.reduction = is_reduction_cell(i, options.cells);
    if (setting.reduction) setting.channels *= 2;
    const auto inputs = add_inputs(plan, setting, before_last, last, name);
    before_last = last;
    const auto outputs = add_nodes(plan, inputs, setting, name);
    last = plan.add(Concatenate{}, outputs, cell_output_name(i));
    setting.before_last =
        std::exchange(setting.last, static_cast<int64_t>(outputs.size()) * setting.channels);
    setting.reduction_before = setting.reduction;
    if (options.auxiliary && i == 2 * options.cells / 3) {
      auxiliary = add_auxiliary_head(plan, task, last, setting.last);
    }
  }
  last = plan.add(GlobalAveragePool{}, {last}, "head.pool");
  last = plan.add(Linear{setting.last, task.classes}, {last}, "classifier");
  std::vector<int64_t> outputs{last};
  if (auxiliary) outputs.push_back(*auxiliary);
  return std::move(plan).finish(outputs);
}

std::vector<int64_t> add_derived_nodes(const std::vector<CellEdge>& edges, PlanBuilder& plan,
                                       std::vector<int64_t> states, const CellSetting& setting,
                                       const std::string& name) {
  for (size_t node = 0; 2 * node < edges.size(); ++node) {
    std::vector<int64_t> terms;
    for (size_t k = 0; k < 2; ++k) {
      const auto& [operation, input] = edges[2 * node + k];
      const int64_t stride = setting.stride(input);
      const auto& row = find_operation(operation);
      const std::string prefix = fmt::format("{}.node{}.edge{}", name, node + 2, k);
      int64_t term =
          plan.splice(row.build({setting.channels, setting.channels, stride, setting.affine}),
                      states[static_cast<size_t>(input)], prefix);
      if (row.name != "skip_connect" || stride != 1) {
        term = plan.add(DropPath{}, {term}, prefix + ".drop_path");
      }
      terms.push_back(term);
    }
    states.push_back(plan.add(Add{}, terms, fmt::format("{}.node{}.add", name, node + 2)));
  }
  return {states.begin() + 2, states.end()};
}

std::vector<NetworkPlan> mixed_options(const std::vector<std::string_view>& operations,
                                       const CellSetting& setting, int64_t stride) {
  std::vector<NetworkPlan> options;
  for (const std::string_view operation : operations) {
    const NetworkPlan part = find_operation(operation).build(
        {setting.channels, setting.channels, stride, setting.affine});
    if (operation.find("pool") == operation.npos) {
      options.push_back(part);
      continue;
    }
    PlanBuilder pooled;
    int64_t node = pooled.splice(part, PlanBuilder::kInput, "pool");
    node = pooled.add(BatchNorm{setting.channels, setting.affine}, {node}, "bn");
    options.push_back(std::move(pooled).finish({node}));
  }
  return options;
}

Json cell_drawing(const char* name, const std::vector<CellEdge>& edges,
                  const std::vector<int64_t>& concat) {
  Json nodes = {"c_{k-2}", "c_{k-1}"};
  Json drawn = Json::array();
  const size_t own = edges.size() / 2;
  for (size_t node = 0; node < own; ++node) nodes.push_back(fmt::format("{}", node + 2));
  nodes.push_back("c_{k}");
  for (size_t i = 0; i < edges.size(); ++i) {
    drawn.push_back({{"from", edges[i].second}, {"to", i / 2 + 2}, {"label", edges[i].first}});
  }
  for (const int64_t node : concat) {
    drawn.push_back({{"from", node}, {"to", own + 2}, {"label", ""}});
  }
  return {{"name", name}, {"nodes", nodes}, {"edges", drawn}};
}

}  // namespace nas
