#include "nas/torch/joined_nodes.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "nas/torch/learned_layers.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

constexpr int64_t kNone = -1;

bool is_depthwise(const Convolution& layer) {
  const int64_t kernel = layer.kernel.height;
  const int64_t padding = layer.dilation * (kernel - 1) / 2;
  const bool square = layer.kernel.width == kernel && layer.padding == Window{padding, padding};
  return square && layer.groups == layer.in_channels && layer.in_channels == layer.out_channels &&
         !layer.bias && (kernel == 3 || kernel == 5) && (layer.stride == 1 || layer.stride == 2) &&
         (layer.dilation == 1 || layer.dilation == 2);
}

/// More weights than these do not stay in a processor's second cache.
constexpr int64_t kMostPointwise = 1 << 18;

bool is_pointwise(const Convolution& layer, int64_t stride) {
  return layer.kernel == Window{1, 1} && layer.padding == Window{0, 0} && layer.stride == stride &&
         layer.groups == 1 && !layer.bias &&
         layer.in_channels * layer.out_channels <= kMostPointwise;
}

/// More weights than these, transformed, do not stay there either.
constexpr int64_t kMostOverAll = 1 << 14;

bool is_over_all_channels(const Convolution& layer) {
  return layer.kernel == Window{3, 3} && layer.padding == Window{1, 1} && layer.stride == 1 &&
         layer.dilation == 1 && layer.groups == 1 && !layer.bias &&
         layer.in_channels * layer.out_channels <= kMostOverAll;
}

/// The nodes of a unit in the order in which they run, and those of them that hold weights.
struct UnitNodes {
  std::vector<int64_t> nodes;
  int64_t depthwise = kNone;
  int64_t pointwise = kNone;
  int64_t shifted = kNone;
  int64_t norm = kNone;
};

/// Finds the units of a plan.
class UnitFinder {
 public:
  UnitFinder(const NetworkPlan& plan, const std::vector<ExecutionStep>& steps,
             const std::vector<int64_t>& outputs, OverAllChannels over_all)
      : plan_(plan), readers_(plan.nodes.size()), over_all_(over_all) {
    for (const int64_t output : outputs) readers_[at(output)].push_back(kNone);
    for (const ExecutionStep& step : steps) {
      for (const int64_t input : step.inputs) readers_[at(input)].push_back(step.node);
    }
  }

  /// The one that reads a node; kNone where several do, none does, or it is read from outside.
  int64_t only_reader(int64_t node) const {
    const auto& readers = readers_[at(node)];
    return readers.size() == 1 ? readers.front() : kNone;
  }

  /// The unit that starts with a ReLU.
  std::optional<UnitNodes> unit_from(int64_t relu) const {
    if (!is<Relu>(relu)) return std::nullopt;
    if (readers_[at(relu)].size() == 2) return reduction_from(relu);
    const int64_t next = only_reader(relu);
    const Convolution* convolution = convolution_at(next);
    if (convolution == nullptr) return std::nullopt;
    const bool alone = is_pointwise(*convolution, 1) ||
                       (over_all_ == OverAllChannels::joined && is_over_all_channels(*convolution));
    if (alone) return ended({{relu, next}, kNone, next}, next);
    const int64_t pointwise = only_reader(next);
    const Convolution* second = convolution_at(pointwise);
    const bool fits = is_depthwise(*convolution) && second != nullptr && is_pointwise(*second, 1);
    if (!fits) return std::nullopt;
    return ended({{relu, next, pointwise}, next, pointwise}, pointwise);
  }

 private:
  template <class T>
  bool is(int64_t node) const {
    return node != kNone && std::holds_alternative<T>(plan_.nodes[at(node)].layer);
  }
  const Convolution* convolution_at(int64_t node) const {
    return node == kNone ? nullptr : std::get_if<Convolution>(&plan_.nodes[at(node)].layer);
  }
  const Convolution* halving_at(int64_t node) const {
    const Convolution* convolution = convolution_at(node);
    return convolution != nullptr && is_pointwise(*convolution, 2) ? convolution : nullptr;
  }

  /// With the batch norm that alone reads `last`.
  std::optional<UnitNodes> ended(UnitNodes unit, int64_t last) const {
    unit.norm = only_reader(last);
    if (!is<BatchNorm>(unit.norm) || part_of(unit.norm) != part_of(unit.nodes.front())) {
      return std::nullopt;
    }
    unit.nodes.push_back(unit.norm);
    return unit;
  }

  /// What the node's name begins with. A unit lies within one operation: elsewhere in a supernet
  /// that operation is one of several, and the same weights shall give the same bits.
  std::string_view part_of(int64_t node) const {
    const std::string_view name = plan_.nodes[at(node)].name;
    const size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  }

  /// A factorized reduction: every second pixel, and its neighbour below on the right.
  std::optional<UnitNodes> reduction_from(int64_t relu) const {
    const auto& readers = readers_[at(relu)];
    const int64_t first = halving_at(readers[0]) != nullptr ? readers[0] : readers[1];
    const int64_t shift = first == readers[0] ? readers[1] : readers[0];
    if (halving_at(first) == nullptr || !is<Shift>(shift)) return std::nullopt;
    const int64_t second = only_reader(shift);
    const int64_t joined = only_reader(first);
    const bool fits = halving_at(second) != nullptr && is<Concatenate>(joined) &&
                      plan_.nodes[at(joined)].inputs == std::vector<int64_t>{first, second} &&
                      only_reader(second) == joined;
    if (!fits) return std::nullopt;
    return ended({{relu, first, shift, second, joined}, kNone, first, second}, joined);
  }

  const NetworkPlan& plan_;
  std::vector<std::vector<int64_t>> readers_;
  OverAllChannels over_all_;
};

SeparableUnit unit_of(const UnitNodes& nodes, const LayerFunctions& functions) {
  const auto convolution = [&](int64_t node) {
    return dynamic_cast<const ConvolutionFunction*>(functions[at(node)].get());
  };
  const auto& norm = dynamic_cast<const BatchNormFunction&>(*functions[at(nodes.norm)]);
  SeparableUnit unit;
  const int64_t first = nodes.depthwise == kNone ? nodes.pointwise : nodes.depthwise;
  const Convolution& layer = convolution(first)->layer();
  unit.kernel = layer.kernel.height;
  unit.stride = layer.stride;
  unit.dilation = layer.dilation;
  if (nodes.depthwise != kNone) unit.depthwise = convolution(nodes.depthwise)->weight();
  unit.pointwise = convolution(nodes.pointwise)->weight();
  if (nodes.shifted != kNone) unit.shifted = convolution(nodes.shifted)->weight();
  unit.norm = norm.weights();
  return unit;
}

/// A 3x3 pool with padding 1, without a batch norm.
std::optional<PoolBranch> pool_branch_of(const Node& node) {
  const auto pool = [](Pool kind, const auto& layer) -> std::optional<PoolBranch> {
    if (layer.kernel != 3 || layer.padding != 1 || layer.stride > 2) return std::nullopt;
    return PoolBranch{kind, layer.stride, {}, {}};
  };
  if (const auto* largest = std::get_if<MaxPool>(&node.layer)) return pool(Pool::largest, *largest);
  if (const auto* mean = std::get_if<AveragePool>(&node.layer)) return pool(Pool::mean, *mean);
  return std::nullopt;
}

/// A pool and the batch norm that alone reads it.
std::optional<JoinedNodes> pool_at(const NetworkPlan& plan, const ExecutionStep& step,
                                   const UnitFinder& finder, const LayerFunctions& functions) {
  auto pool = pool_branch_of(plan.nodes[at(step.node)]);
  if (!pool) return std::nullopt;
  std::vector<int64_t> nodes{step.node};
  const int64_t norm = finder.only_reader(step.node);
  if (norm != kNone) {
    const auto* weights = dynamic_cast<const BatchNormFunction*>(functions[at(norm)].get());
    if (weights != nullptr) {
      pool->norm = weights->weights();
      nodes.push_back(norm);
    }
  }
  return JoinedNodes{step.inputs.front(), std::move(nodes), std::move(*pool)};
}

/// By node: [N, features], no images any more.
std::vector<char> flat_nodes(const NetworkPlan& plan) {
  std::vector<char> flat(plan.nodes.size(), 0);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const Node& node = plan.nodes[i];
    const bool after = std::any_of(node.inputs.begin(), node.inputs.end(),
                                   [&](int64_t input) { return flat[at(input)] != 0; });
    flat[i] = after || std::holds_alternative<Linear>(node.layer) ? 1 : 0;
  }
  return flat;
}

/// A batch norm that no pool and no unit takes in: what it gives where a sum takes it in.
std::optional<JoinedNodes> norm_at(const ExecutionStep& step, const LayerFunctions& functions) {
  const auto* norm = dynamic_cast<const BatchNormFunction*>(functions[at(step.node)].get());
  if (norm == nullptr) return std::nullopt;
  return JoinedNodes{step.inputs.front(), {step.node}, IdentityBranch{norm->weights(), {}}};
}

/// Those that end with `node`, which only `reader` reads; null where there are none.
JoinedNodes* chain_before(std::vector<JoinedNodes>& all, int64_t node, int64_t only_reader,
                          int64_t reader) {
  if (only_reader != reader) return nullptr;
  for (JoinedNodes& joined : all) {
    const bool units = std::holds_alternative<SeparableBranch>(joined.branch);
    if (units && joined.nodes.back() == node) return &joined;
  }
  return nullptr;
}

}  // namespace

std::vector<int64_t> count_readers(const std::vector<ExecutionStep>& steps, size_t nodes,
                                   const std::vector<int64_t>& outputs) {
  std::vector<int64_t> readers(nodes, 0);
  for (const int64_t output : outputs) ++readers[at(output)];
  for (const auto& step : steps) {
    for (const int64_t input : step.inputs) ++readers[at(input)];
  }
  return readers;
}

std::vector<JoinedNodes> joined_nodes(const NetworkPlan& plan,
                                      const std::vector<ExecutionStep>& steps,
                                      const std::vector<int64_t>& outputs,
                                      const LayerFunctions& functions, OverAllChannels over_all) {
  const UnitFinder finder(plan, steps, outputs, over_all);
  std::vector<JoinedNodes> all;
  std::vector<char> taken = flat_nodes(plan);
  for (const ExecutionStep& step : steps) {
    if (taken[at(step.node)] != 0) continue;
    auto alone = pool_at(plan, step, finder, functions);
    if (!alone) alone = norm_at(step, functions);
    if (alone) {
      for (const int64_t node : alone->nodes) taken[at(node)] = 1;
      all.push_back(std::move(*alone));
    }
    const auto nodes = finder.unit_from(step.node);
    if (!nodes) continue;
    const int64_t input = step.inputs.front();
    JoinedNodes* chain = chain_before(all, input, finder.only_reader(input), step.node);
    if (chain == nullptr) chain = &all.emplace_back(JoinedNodes{input, {}, SeparableBranch{}});
    for (const int64_t node : nodes->nodes) taken[at(node)] = 1;
    chain->nodes.insert(chain->nodes.end(), nodes->nodes.begin(), nodes->nodes.end());
    std::get<SeparableBranch>(chain->branch).units.push_back(unit_of(*nodes, functions));
  }
  return all;
}

LastBranch last_branch_of(const NetworkPlan& plan, const LayerFunctions& functions,
                          OverAllChannels over_all) {
  const int64_t output = plan.outputs.front();
  const auto steps = execution_steps(plan, {output});
  for (JoinedNodes& joined : joined_nodes(plan, steps, {output}, functions, over_all)) {
    if (joined.nodes.back() == output) return {joined.input, std::move(joined.branch)};
  }
  const Node& last = plan.nodes[at(output)];
  if (std::holds_alternative<Identity>(last.layer)) return {last.inputs.front(), IdentityBranch{}};
  return {output, IdentityBranch{}};
}

}  // namespace nas
