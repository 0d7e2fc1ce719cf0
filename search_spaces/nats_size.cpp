#include "search_spaces/nats_size.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "nas/search/elastic.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

constexpr int64_t kStep = 8;
constexpr size_t kWidths = 5;
constexpr std::array<const char*, kWidths> kNames{"stage_1", "reduction_1", "stage_2",
                                                  "reduction_2", "stage_3"};

using Widths = std::array<int64_t, kWidths>;

bool is_reduction(size_t layer) { return layer % 2 == 1; }

struct Edge {
  int64_t from;
  int64_t to;
  const char* operation;
};

constexpr int64_t kNodes = 4;
constexpr std::array<Edge, 6> kCell{{{0, 1, "nor_conv_3x3"},
                                     {0, 2, "nor_conv_3x3"},
                                     {1, 2, "nor_conv_3x3"},
                                     {0, 3, "skip_connect"},
                                     {1, 3, "nor_conv_3x3"},
                                     {2, 3, "nor_conv_3x3"}}};

Choices make_choices(int64_t widest) {
  Categorical widths;
  for (int64_t width = kStep; width <= widest; width += kStep) {
    widths.options.push_back(fmt::format("{}", width));
  }
  Choices choices;
  for (const char* name : kNames) choices.push_back({name, widths, std::nullopt});
  return choices;
}

Widths widths_of(const Point& point) {
  Widths widths{};
  for (size_t i = 0; i < kWidths; ++i) widths[i] = kStep * (1 + std::get<int64_t>(point.values[i]));
  return widths;
}

/// What stands for skip_connect in the network that holds the weights of all points: beside the
/// identity the projection that networks have where a cell is wider or narrower than its input.
NetworkPlan every_skip(int64_t channels) {
  PlanBuilder plan;
  int64_t node = plan.add(Convolution{channels, channels, {1, 1}, 1, {0, 0}, 1, 1, false},
                          {PlanBuilder::kInput}, "conv");
  node = plan.add(BatchNorm{channels}, {node}, "bn");
  node = plan.add(Add{}, {PlanBuilder::kInput, node}, "sum");
  return std::move(plan).finish({node});
}

/// Whether a network is of one point or holds the weights of all.
enum class Extent { point, all };

NetworkPlan edge_operation(const Edge& edge, int64_t in, int64_t out, Extent extent) {
  const std::string_view name = edge.operation;
  if (extent == Extent::all && name == "skip_connect") return every_skip(out);
  return find_operation(name).build({in, out, 1, true});
}

NetworkPlan cell(int64_t in, int64_t out, Extent extent) {
  PlanBuilder plan;
  std::array<int64_t, kNodes> nodes{PlanBuilder::kInput};
  for (int64_t to = 1; to < kNodes; ++to) {
    std::vector<int64_t> terms;
    for (const auto& edge : kCell) {
      if (edge.to != to) continue;
      const int64_t from_channels = edge.from == 0 ? in : out;
      terms.push_back(plan.splice(edge_operation(edge, from_channels, out, extent),
                                  nodes[static_cast<size_t>(edge.from)],
                                  fmt::format("edge_{}_{}", edge.from, to)));
    }
    nodes[static_cast<size_t>(to)] =
        terms.size() == 1 ? terms.front() : plan.add(Add{}, terms, fmt::format("node_{}", to));
  }
  return std::move(plan).finish({nodes.back()});
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

class NatsSize : public Space {
 public:
  NatsSize(const NatsSizeOptions& options, const TaskShape& task)
      : options_(options),
        task_(applied(options.task, task)),
        choices_(make_choices(options.channels)) {}

  std::string_view name() const override { return "nats_size"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override {
    return fmt::format("{}", fmt::join(widths_of(point), ":"));
  }
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override {
    return build(widths_of(point), Extent::point);
  }
  std::optional<NetworkPlan> shared_network() const override {
    return build(widths_of(ElasticChoices(choices_).largest()), Extent::all);
  }
  std::optional<NetworkPlan> subnetwork(const Point& point) const override {
    return network(point);
  }
  Json drawing(const Point& point) const override;

 private:
  NetworkPlan build(const Widths& widths, Extent extent) const;

  NatsSizeOptions options_;
  TaskShape task_;
  Choices choices_;
};

Point NatsSize::parse(std::string_view text) const {
  TextScanner scanner(text, "NATS-Bench size");
  Point point;
  for (size_t i = 0; i < kWidths; ++i) {
    if (i > 0) scanner.expect(":");
    const TextScanner before = scanner;
    const int64_t width = scanner.number();
    if (width < kStep || width > options_.channels || width % kStep != 0) {
      before.fail(fmt::format("a multiple of {} up to {}", kStep, options_.channels));
    }
    point.values.emplace_back(width / kStep - 1);
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

NetworkPlan NatsSize::build(const Widths& widths, Extent extent) const {
  PlanBuilder plan;
  int64_t channels = widths.front();
  int64_t node =
      plan.add(Convolution{task_.input.channels, channels, {3, 3}, 1, {1, 1}, 1, 1, false}, {0},
               "stem.conv");
  node = plan.add(BatchNorm{channels}, {node}, "stem.bn");
  int64_t index = 0;
  for (size_t layer = 0; layer < kWidths; ++layer) {
    const int64_t copies = is_reduction(layer) ? 1 : options_.cells_per_stage;
    for (int64_t i = 0; i < copies; ++i) {
      const int64_t in = std::exchange(channels, widths[layer]);
      node = plan.splice(
          is_reduction(layer) ? residual_block(in, channels) : cell(in, channels, extent), node,
          fmt::format("cells.{}", index++));
    }
  }
  node = plan.add(BatchNorm{channels}, {node}, "head.bn");
  node = plan.add(Relu{}, {node}, "head.relu");
  node = plan.add(GlobalAveragePool{}, {node}, "head.pool");
  node = plan.add(Linear{channels, task_.classes}, {node}, "classifier");
  return std::move(plan).finish({node});
}

/// The widths along the network.
Json NatsSize::drawing(const Point& point) const {
  Json nodes = {"input"};
  Json edges = Json::array();
  for (const int64_t width : widths_of(point)) nodes.push_back(fmt::format("{}", width));
  for (size_t i = 0; i < kWidths; ++i) {
    edges.push_back({{"from", i}, {"to", i + 1}, {"label", kNames[i]}});
  }
  return {{"cells", Json::array({{{"name", "widths"}, {"nodes", nodes}, {"edges", edges}}})}};
}

}  // namespace

void describe(Section& section, NatsSizeOptions& options) {
  section.integer("channels", options.channels, {kStep, 4096, ""},
                  "of the widest candidate; candidates are the multiples of 8 up to it");
  section.integer("cells_per_stage", options.cells_per_stage, {1, 100, ""},
                  "cells in each of the three stages");
  describe(section, options.task);
}

std::unique_ptr<Space> make_nats_size(const NatsSizeOptions& options, TaskShape task) {
  return std::make_unique<NatsSize>(options, task);
}

}  // namespace nas
