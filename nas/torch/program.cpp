#include "nas/torch/program.hpp"

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
    const bool passes_zeros = is<Add>(node) || is<Identity>(node) || is<DropPath>(node);
    zero[i] = is<Zero>(node) || (passes_zeros && !node.inputs.empty() && all_zero);
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

std::vector<char> needed_nodes(const std::vector<std::vector<int64_t>>& inputs,
                               const std::vector<int64_t>& outputs) {
  std::vector<char> needed(inputs.size(), 0);
  for (const int64_t output : outputs) needed[at(output)] = 1;
  for (size_t i = inputs.size(); i-- > 0;) {
    if (needed[i] == 0) continue;
    for (const int64_t input : inputs[i]) needed[at(input)] = 1;
  }
  return needed;
}

/// How many of the needed nodes, and of the outputs, read each node.
std::vector<int64_t> count_readers(const std::vector<std::vector<int64_t>>& inputs,
                                   const std::vector<char>& needed,
                                   const std::vector<int64_t>& outputs) {
  std::vector<int64_t> readers(inputs.size(), 0);
  for (const int64_t output : outputs) ++readers[at(output)];
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (needed[i] == 0) continue;
    for (const int64_t input : inputs[i]) ++readers[at(input)];
  }
  return readers;
}

/// The backward passes of these read their input, not their output.
bool output_may_be_overwritten(const Node& node) {
  return is<Convolution>(node) || is<BatchNorm>(node) || is<Linear>(node);
}

}  // namespace

LayerFunctions make_layer_functions(const NetworkPlan& plan, const std::string& prefix,
                                    WeightTable& weights) {
  LayerFunctions functions;
  for (const Node& node : plan.nodes) {
    const std::string owner = prefix.empty() ? node.name : prefix + "." + node.name;
    functions.push_back(make_layer_function(node.layer, owner, weights));
  }
  return functions;
}

bool gives_zeros(const NetworkPlan& plan) {
  return zero_nodes(plan)[at(plan.outputs.front())] != 0;
}

Program::Program(const NetworkPlan& plan, const std::vector<int64_t>& outputs,
                 const LayerFunctions& functions)
    : slots_(static_cast<int64_t>(plan.nodes.size())), outputs_(outputs) {
  const auto inputs = inputs_without_zeros(plan);
  const auto needed = needed_nodes(inputs, outputs);
  const auto readers = count_readers(inputs, needed, outputs);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (needed[i] == 0 || functions[i] == nullptr) continue;
    Step step{functions[i].get(), inputs[i], static_cast<int64_t>(i), {}};
    if (is<Relu>(plan.nodes[i])) {
      const auto source = at(inputs[i].front());
      if (readers[source] == 1 && output_may_be_overwritten(plan.nodes[source])) {
        in_place_.push_back(make_relu_in_place());
        step.function = in_place_.back().get();
      }
    }
    steps_.push_back(std::move(step));
  }
  plan_releases();
}

void Program::plan_releases() {
  std::vector<char> live_later(at(slots_), 0);
  for (const int64_t output : outputs_) live_later[at(output)] = 1;
  for (size_t i = steps_.size(); i-- > 0;) {
    for (const int64_t input : steps_[i].inputs) {
      if (live_later[at(input)] != 0) continue;
      live_later[at(input)] = 1;
      steps_[i].release.push_back(input);
    }
  }
}

std::vector<torch::Tensor> Program::run(const torch::Tensor& input, const Pass& pass) const {
  std::vector<torch::Tensor> slots(at(slots_));
  std::vector<torch::Tensor> gathered;
  slots.front() = input;
  for (const Step& step : steps_) {
    gathered.clear();
    for (const int64_t slot : step.inputs) gathered.push_back(slots[at(slot)]);
    slots[at(step.output)] = step.function->forward(gathered, pass);
    for (const int64_t slot : step.release) slots[at(slot)].reset();
  }
  std::vector<torch::Tensor> results;
  for (const int64_t output : outputs_) results.push_back(slots[at(output)]);
  return results;
}

}  // namespace nas
