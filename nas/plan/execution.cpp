#include "nas/plan/execution.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

template <class T>
bool is(const Node& node) {
  return std::holds_alternative<T>(node.layer);
}

/// By node: zeros whatever the input.
std::vector<char> zero_nodes(const NetworkPlan& plan) {
  std::vector<char> zero(plan.nodes.size(), 0);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const Node& node = plan.nodes[i];
    const bool all_zero = std::all_of(node.inputs.begin(), node.inputs.end(),
                                      [&](int64_t input) { return zero[at(input)] != 0; });
    const bool passes_zeros =
        is<Add>(node) || is<Identity>(node) || is<DropPath>(node) || is<Dropout>(node);
    const bool gives_zero = is<Zero>(node) || (passes_zeros && !node.inputs.empty() && all_zero);
    zero[i] = gives_zero ? 1 : 0;
  }
  return zero;
}

/// Inputs of every node, without zeros that a sum would add.
std::vector<std::vector<int64_t>> inputs_without_zeros(const NetworkPlan& plan) {
  const std::vector<char> zero = zero_nodes(plan);
  std::vector<std::vector<int64_t>> inputs;
  for (const Node& node : plan.nodes) {
    std::vector<int64_t> kept = node.inputs;
    if (is<Add>(node)) {
      std::erase_if(kept, [&](int64_t input) { return zero[at(input)] != 0; });
      if (kept.empty() && !node.inputs.empty()) kept = {node.inputs.front()};
    }
    inputs.push_back(std::move(kept));
  }
  return inputs;
}

}  // namespace

std::vector<ExecutionStep> execution_steps(const NetworkPlan& plan,
                                           const std::vector<int64_t>& outputs) {
  auto inputs = inputs_without_zeros(plan);
  std::vector<char> needed(inputs.size(), 0);
  for (const int64_t output : outputs) needed[at(output)] = 1;
  for (size_t i = inputs.size(); i-- > 0;) {
    if (needed[i] == 0) continue;
    for (const int64_t input : inputs[i]) needed[at(input)] = 1;
  }
  std::vector<ExecutionStep> steps;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (needed[i] != 0) steps.push_back({static_cast<int64_t>(i), std::move(inputs[i])});
  }
  return steps;
}

bool gives_zeros(const NetworkPlan& plan) {
  return zero_nodes(plan)[at(plan.outputs.front())] != 0;
}

}  // namespace nas
