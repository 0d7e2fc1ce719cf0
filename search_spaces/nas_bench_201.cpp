#include "search_spaces/nas_bench_201.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/option_rows.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

constexpr int64_t kNodes = 4;
constexpr std::array<std::string_view, 5> kOperations{"none", "skip_connect", "nor_conv_1x1",
                                                      "nor_conv_3x3", "avg_pool_3x3"};
constexpr int64_t kNone = 0;
constexpr int64_t kSkip = 1;

struct Edge {
  int64_t from;
  int64_t to;
};

/// In the order of the text: by target, then by source.
std::vector<Edge> edges() {
  std::vector<Edge> list;
  for (int64_t to = 1; to < kNodes; ++to) {
    for (int64_t from = 0; from < to; ++from) list.push_back({from, to});
  }
  return list;
}

Choices make_choices() {
  Choices choices;
  for (const auto& [from, to] : edges()) {
    choices.push_back({fmt::format("edge_{}_{}", from, to),
                       Categorical{{kOperations.begin(), kOperations.end()}}, std::nullopt});
  }
  return choices;
}

int64_t operation_of(const Point& point, size_t edge) {
  return std::get<int64_t>(point.values[edge]);
}

class NasBench201 : public Space {
 public:
  NasBench201(const NasBench201Options& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), choices_(make_choices()) {}

  std::string_view name() const override { return "nas_bench_201"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::string canonical(const Point& point) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override;
  Point derive(const ArchitectureWeights& probabilities) const override {
    return point_of_rows(probabilities[0], kOperations.size());
  }
  std::optional<ArchitectureWeights> path(const Point& point) const override {
    return ArchitectureWeights{rows_of_point(point, kOperations.size())};
  }
  Json drawing(const Point& point) const override;

 private:
  NetworkPlan assemble(const std::function<NetworkPlan(int64_t channels)>& make_cell) const;
  NetworkPlan cell(const Point& point, int64_t channels) const;
  NetworkPlan mixed_cell(int64_t channels) const;

  NasBench201Options options_;
  TaskShape task_;
  Choices choices_;
};

std::string NasBench201::text(const Point& point) const {
  std::string out;
  const auto list = edges();
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].from == 0) out += list[i].to == 1 ? "|" : "+|";
    out += fmt::format("{}~{}|", kOperations[static_cast<size_t>(operation_of(point, i))],
                       list[i].from);
  }
  return out;
}

Point NasBench201::parse(std::string_view text) const {
  TextScanner scanner(text, "NAS-Bench-201 cell");
  Point point;
  for (const auto& [from, to] : edges()) {
    if (from == 0) scanner.expect(to == 1 ? "|" : "+|");
    TextScanner before = scanner;
    const std::string operation = scanner.name();
    const auto found = std::find(kOperations.begin(), kOperations.end(), operation);
    if (found == kOperations.end()) {
      before.fail(fmt::format("one of {}", fmt::join(kOperations, ", ")));
    }
    scanner.expect(fmt::format("~{}|", from));
    point.values.emplace_back(found - kOperations.begin());
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

std::string NasBench201::canonical(const Point& point) const {
  std::array<std::string, kNodes> nodes{"0"};
  const auto list = edges();
  for (int64_t to = 1; to < kNodes; ++to) {
    std::vector<std::string> terms;
    for (size_t i = 0; i < list.size(); ++i) {
      if (list[i].to != to) continue;
      const std::string& source = nodes[static_cast<size_t>(list[i].from)];
      const int64_t operation = operation_of(point, i);
      if (operation == kNone || source == "#") {
        terms.emplace_back("#");
      } else if (operation == kSkip) {
        terms.push_back(source);
      } else {
        terms.push_back(
            fmt::format("({})@{}", source, kOperations[static_cast<size_t>(operation)]));
      }
    }
    std::sort(terms.begin(), terms.end());
    nodes[static_cast<size_t>(to)] = fmt::format("{}", fmt::join(terms, "+"));
  }
  return nodes.back();
}

/// The residual block of stride 2 that stands between two stages.
NetworkPlan residual_block(int64_t in, int64_t out) {
  PlanBuilder plan;
  int64_t main = plan.splice(relu_conv_bn({in, out, 2, true}, 3), PlanBuilder::kInput, "conv_a");
  main = plan.splice(relu_conv_bn({out, out, 1, true}, 3), main, "conv_b");
  int64_t side = plan.add(AveragePool{2, 2, 0}, {PlanBuilder::kInput}, "pool");
  side = plan.add(Convolution{in, out, {1, 1}, 1, {0, 0}, 1, 1, false}, {side}, "downsample");
  const int64_t sum = plan.add(Add{}, {main, side}, "add");
  return std::move(plan).finish({sum});
}

NetworkPlan NasBench201::cell(const Point& point, int64_t channels) const {
  PlanBuilder plan;
  std::array<int64_t, kNodes> nodes{PlanBuilder::kInput};
  const auto list = edges();
  for (int64_t to = 1; to < kNodes; ++to) {
    std::vector<int64_t> terms;
    for (size_t i = 0; i < list.size(); ++i) {
      const int64_t operation = operation_of(point, i);
      if (list[i].to != to || operation == kNone) continue;
      const auto& row = find_operation(kOperations[static_cast<size_t>(operation)]);
      terms.push_back(plan.splice(row.build({channels, channels, 1, true}),
                                  nodes[static_cast<size_t>(list[i].from)], choices_[i].name));
    }
    int64_t& node = nodes[static_cast<size_t>(to)];
    if (terms.empty()) {
      node = plan.add(Zero{}, {PlanBuilder::kInput}, fmt::format("node_{}", to));
    } else {
      node = terms.size() == 1 ? terms.front()
                               : plan.add(Add{}, std::move(terms), fmt::format("node_{}", to));
    }
  }
  return std::move(plan).finish({nodes.back()});
}

NetworkPlan NasBench201::mixed_cell(int64_t channels) const {
  std::vector<NetworkPlan> options;
  options.reserve(kOperations.size());
  for (const auto operation : kOperations) {
    options.push_back(find_operation(operation).build({channels, channels, 1, false}));
  }
  PlanBuilder plan;
  std::array<int64_t, kNodes> nodes{PlanBuilder::kInput};
  const auto list = edges();
  for (int64_t to = 1; to < kNodes; ++to) {
    std::vector<int64_t> terms;
    for (size_t i = 0; i < list.size(); ++i) {
      if (list[i].to != to) continue;
      terms.push_back(plan.add(Mixed{0, static_cast<int64_t>(i), options},
                               {nodes[static_cast<size_t>(list[i].from)]}, choices_[i].name));
    }
    nodes[static_cast<size_t>(to)] =
        terms.size() == 1 ? terms.front()
                          : plan.add(Add{}, std::move(terms), fmt::format("node_{}", to));
  }
  return std::move(plan).finish({nodes.back()});
}

NetworkPlan NasBench201::assemble(
    const std::function<NetworkPlan(int64_t channels)>& make_cell) const {
  PlanBuilder plan;
  int64_t channels = options_.channels;
  int64_t node =
      plan.add(Convolution{task_.input.channels, channels, {3, 3}, 1, {1, 1}, 1, 1, false}, {0},
               "stem.conv");
  node = plan.add(BatchNorm{channels}, {node}, "stem.bn");
  int64_t index = 0;
  for (int64_t stage = 0; stage < 3; ++stage) {
    if (stage > 0) {
      node = plan.splice(residual_block(channels, 2 * channels), node,
                         fmt::format("cells.{}", index++));
      channels *= 2;
    }
    const NetworkPlan cell_plan = make_cell(channels);
    for (int64_t i = 0; i < options_.cells_per_stage; ++i) {
      node = plan.splice(cell_plan, node, fmt::format("cells.{}", index++));
    }
  }
  node = plan.add(BatchNorm{channels}, {node}, "head.bn");
  node = plan.add(Relu{}, {node}, "head.relu");
  node = plan.add(GlobalAveragePool{}, {node}, "head.pool");
  node = plan.add(Linear{channels, task_.classes}, {node}, "classifier");
  return std::move(plan).finish({node});
}

std::optional<NetworkPlan> NasBench201::network(const Point& point) const {
  return assemble([&](int64_t channels) { return cell(point, channels); });
}

std::optional<SupernetPlan> NasBench201::supernet() const {
  return SupernetPlan{
      assemble([&](int64_t channels) { return mixed_cell(channels); }),
      {{"cell", static_cast<int64_t>(choices_.size()), {kOperations.begin(), kOperations.end()}}}};
}

Json NasBench201::drawing(const Point& point) const {
  Json cell = {
      {"name", "cell"}, {"nodes", {"input", "1", "2", "output"}}, {"edges", Json::array()}};
  const auto list = edges();
  for (size_t i = 0; i < list.size(); ++i) {
    const int64_t operation = operation_of(point, i);
    if (operation == kNone) continue;
    cell["edges"].push_back({{"from", list[i].from},
                             {"to", list[i].to},
                             {"label", kOperations[static_cast<size_t>(operation)]}});
  }
  return {{"cells", Json::array({cell})}};
}

}  // namespace

void describe(Section& section, NasBench201Options& options) {
  section.integer("channels", options.channels, {1, 4096, ""}, "channels of the first stage");
  section.integer("cells_per_stage", options.cells_per_stage, {1, 100, ""},
                  "cells in each of the three stages");
  describe(section, options.task);
}

std::unique_ptr<Space> make_nas_bench_201(const NasBench201Options& options, TaskShape task) {
  return std::make_unique<NasBench201>(options, task);
}

}  // namespace nas
