#include "search_spaces/darts.hpp"

#include <fmt/core.h>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/darts_cell.hpp"

namespace nas {
namespace {

constexpr int64_t kStemMultiplier = 3;

/// What one cell is built between.
struct CellSetting {
  int64_t before_last = 0;  // channels of the cell before the last
  int64_t last = 0;
  int64_t channels = 0;
  bool reduction = false;
  bool reduction_before = false;
  bool affine = true;
};

/// Channels of every node's input, and which node halves the map.
int64_t stride_of(const CellSetting& setting, int64_t input) {
  return setting.reduction && input < 2 ? 2 : 1;
}

class DartsSpace : public Space {
 public:
  DartsSpace(const DartsSpaceOptions& options, const TaskShape& task)
      : options_(options),
        task_(applied(options.task, task)),
        choices_(darts_choices(options.nodes)) {}

  std::string_view name() const override { return "darts"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override {
    return darts_text(darts_genotype(point, options_.nodes));
  }
  Point parse(std::string_view text) const override {
    return darts_point(parse_darts_text(text, options_.nodes));
  }
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override;
  Point derive(const ArchitectureWeights& probabilities) const override {
    return darts_point({derive_darts_cell(probabilities[0], options_.nodes),
                        derive_darts_cell(probabilities[1], options_.nodes)});
  }
  Json drawing(const Point& point) const override;

 private:
  /// Adds the inner nodes of a cell to a plan that holds its two inputs; returns the nodes'
  /// indices.
  using AddNodes = std::function<std::vector<int64_t>(PlanBuilder&, std::vector<int64_t> states,
                                                      const CellSetting&, const std::string& name)>;
  NetworkPlan assemble(const AddNodes& add_nodes, const CellSetting& prototype) const;
  int64_t add_auxiliary_head(PlanBuilder& plan, int64_t input, int64_t channels) const;

  DartsSpaceOptions options_;
  TaskShape task_;
  Choices choices_;
};

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

/// The nodes of a derived cell: two operations each, drop-path after all but the identity.
std::vector<int64_t> add_derived_nodes(const DartsCell& cell, PlanBuilder& plan,
                                       std::vector<int64_t> states, const CellSetting& setting,
                                       const std::string& name) {
  for (size_t node = 0; 2 * node < cell.size(); ++node) {
    std::vector<int64_t> terms;
    for (size_t k = 0; k < 2; ++k) {
      const DartsEdge& edge = cell[2 * node + k];
      const int64_t stride = stride_of(setting, edge.input);
      const auto& row = find_operation(kDartsOperations[static_cast<size_t>(edge.operation)]);
      const std::string prefix = fmt::format("{}.node{}.edge{}", name, node + 2, k);
      int64_t term =
          plan.splice(row.build({setting.channels, setting.channels, stride, setting.affine}),
                      states[static_cast<size_t>(edge.input)], prefix);
      if (row.name != "skip_connect" || stride != 1) {
        term = plan.add(DropPath{}, {term}, prefix + ".drop_path");
      }
      terms.push_back(term);
    }
    states.push_back(plan.add(Add{}, terms, fmt::format("{}.node{}.add", name, node + 2)));
  }
  return {states.begin() + 2, states.end()};
}

/// Every operation of a mixed edge; a batch norm follows pooling so that no option is favoured by
/// its scale.
std::vector<NetworkPlan> mixed_options(const CellSetting& setting, int64_t stride) {
  std::vector<NetworkPlan> options;
  for (const auto operation : kDartsOperations) {
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

std::vector<int64_t> add_mixed_nodes(int64_t nodes, PlanBuilder& plan, std::vector<int64_t> states,
                                     const CellSetting& setting, const std::string& name) {
  int64_t row = 0;
  for (int64_t node = 0; node < nodes; ++node) {
    std::vector<int64_t> terms;
    for (int64_t input = 0; input < node + 2; ++input, ++row) {
      terms.push_back(plan.add(
          Mixed{setting.reduction ? 1 : 0, row, mixed_options(setting, stride_of(setting, input))},
          {states[static_cast<size_t>(input)]}, fmt::format("{}.edge{}", name, row)));
    }
    states.push_back(plan.add(Add{}, terms, fmt::format("{}.node{}.add", name, node + 2)));
  }
  return {states.begin() + 2, states.end()};
}

NetworkPlan DartsSpace::assemble(const AddNodes& add_nodes, const CellSetting& prototype) const {
  PlanBuilder plan;
  CellSetting setting = prototype;
  setting.channels = options_.channels;
  setting.before_last = setting.last = kStemMultiplier * options_.channels;
  int64_t last =
      plan.add(Convolution{task_.input.channels, setting.last, {3, 3}, 1, {1, 1}, 1, 1, false},
               {PlanBuilder::kInput}, "stem.conv");
  last = plan.add(BatchNorm{setting.last}, {last}, "stem.bn");
  int64_t before_last = last;
  std::optional<int64_t> auxiliary;
  for (int64_t i = 0; i < options_.cells; ++i) {
    const std::string name = fmt::format("cells.{}", i);
    setting.reduction = i == options_.cells / 3 || i == 2 * options_.cells / 3;
    if (setting.reduction) setting.channels *= 2;
    const auto inputs = add_inputs(plan, setting, before_last, last, name);
    before_last = last;
    last = plan.add(Concatenate{}, add_nodes(plan, inputs, setting, name), name + ".concatenate");
    setting.before_last = std::exchange(setting.last, options_.nodes * setting.channels);
    setting.reduction_before = setting.reduction;
    if (options_.auxiliary && prototype.affine && i == 2 * options_.cells / 3) {
      auxiliary = add_auxiliary_head(plan, last, setting.last);
    }
  }
  last = plan.add(GlobalAveragePool{}, {last}, "head.pool");
  last = plan.add(Linear{setting.last, task_.classes}, {last}, "classifier");
  std::vector<int64_t> outputs{last};
  if (auxiliary) outputs.push_back(*auxiliary);
  return std::move(plan).finish(outputs);
}

/// As published for 8x8 maps; larger ones are averaged at the end.
int64_t DartsSpace::add_auxiliary_head(PlanBuilder& plan, int64_t input, int64_t channels) const {
  const int64_t side = std::min(task_.input.height, task_.input.width) / 4;
  if (side < 8) {
    throw InputError(
        fmt::format("darts: auxiliary head: found feature maps of {0}x{0} where it "
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
  return plan.add(Linear{768, task_.classes}, {node}, "auxiliary.classifier");
}

std::optional<NetworkPlan> DartsSpace::network(const Point& point) const {
  const DartsGenotype genotype = darts_genotype(point, options_.nodes);
  return assemble(
      [&](PlanBuilder& plan, std::vector<int64_t> states, const CellSetting& setting,
          const std::string& name) {
        return add_derived_nodes(setting.reduction ? genotype.reduce : genotype.normal, plan,
                                 std::move(states), setting, name);
      },
      CellSetting{});
}

std::optional<SupernetPlan> DartsSpace::supernet() const {
  CellSetting setting;
  setting.affine = false;
  NetworkPlan plan = assemble(
      [&](PlanBuilder& builder, std::vector<int64_t> states, const CellSetting& cell,
          const std::string& name) {
        return add_mixed_nodes(options_.nodes, builder, std::move(states), cell, name);
      },
      setting);
  const int64_t rows = options_.nodes * (options_.nodes + 3) / 2;
  const std::vector<std::string> operations(kDartsOperations.begin(), kDartsOperations.end());
  return SupernetPlan{std::move(plan),
                      {{"normal", rows, operations}, {"reduce", rows, operations}}};
}

Json cell_drawing(const char* name, const DartsCell& cell) {
  Json nodes = {"c_{k-2}", "c_{k-1}"};
  Json edges = Json::array();
  const size_t own = cell.size() / 2;
  for (size_t node = 0; node < own; ++node) nodes.push_back(fmt::format("{}", node + 2));
  nodes.push_back("c_{k}");
  for (size_t i = 0; i < cell.size(); ++i) {
    edges.push_back({{"from", cell[i].input},
                     {"to", i / 2 + 2},
                     {"label", kDartsOperations[static_cast<size_t>(cell[i].operation)]}});
  }
  for (size_t node = 0; node < own; ++node) {
    edges.push_back({{"from", node + 2}, {"to", own + 2}, {"label", ""}});
  }
  return {{"name", name}, {"nodes", nodes}, {"edges", edges}};
}

Json DartsSpace::drawing(const Point& point) const {
  const DartsGenotype genotype = darts_genotype(point, options_.nodes);
  return {{"cells", Json::array({cell_drawing("normal cell", genotype.normal),
                                 cell_drawing("reduction cell", genotype.reduce)})}};
}

}  // namespace

void describe(Section& section, DartsSpaceOptions& options) {
  section.integer("channels", options.channels, {2, 4096, ""}, "channels of the first cells");
  section.integer("cells", options.cells, {1, 200, ""}, "cells of the network and of the supernet");
  section.integer("nodes", options.nodes, {1, 12, ""}, "intermediate nodes of a cell");
  section.boolean("auxiliary", options.auxiliary, "auxiliary head at two thirds of the depth");
  describe(section, options.task);
}

std::unique_ptr<Space> make_darts_space(const DartsSpaceOptions& options, TaskShape task) {
  return std::make_unique<DartsSpace>(options, task);
}

}  // namespace nas
