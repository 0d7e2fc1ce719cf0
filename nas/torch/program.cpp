#include "nas/torch/program.hpp"

#include <utility>
#include <variant>

#include "nas/plan/execution.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

template <class T>
bool is(const Node& node) {
  return std::holds_alternative<T>(node.layer);
}

/// How many of the steps, and of the outputs, read each node.
std::vector<int64_t> count_readers(const std::vector<ExecutionStep>& steps, size_t nodes,
                                   const std::vector<int64_t>& outputs) {
  std::vector<int64_t> readers(nodes, 0);
  for (const int64_t output : outputs) ++readers[at(output)];
  for (const auto& step : steps) {
    for (const int64_t input : step.inputs) ++readers[at(input)];
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

Program::Program(const NetworkPlan& plan, const std::vector<int64_t>& outputs,
                 const LayerFunctions& functions)
    : slots_(static_cast<int64_t>(plan.nodes.size())), outputs_(outputs) {
  const auto steps = execution_steps(plan, outputs);
  const auto readers = count_readers(steps, plan.nodes.size(), outputs);
  for (const auto& [node, inputs] : steps) {
    if (functions[at(node)] == nullptr) continue;
    Step step{functions[at(node)].get(), nullptr, inputs, node, {}};
    if (is<Relu>(plan.nodes[at(node)])) {
      const auto source = at(inputs.front());
      if (readers[source] == 1 && output_may_be_overwritten(plan.nodes[source])) {
        in_place_.push_back(make_relu_in_place());
        step.overwriting = in_place_.back().get();
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
  return run(input, pass, NodeObserver());
}

std::vector<torch::Tensor> Program::run(const torch::Tensor& input, const Pass& pass,
                                        const NodeObserver& observer) const {
  std::vector<torch::Tensor> slots(at(slots_));
  std::vector<torch::Tensor> gathered;
  slots.front() = input;
  for (const Step& step : steps_) {
    gathered.clear();
    for (const int64_t slot : step.inputs) gathered.push_back(slots[at(slot)]);
    const bool overwrite = step.overwriting != nullptr && !observer;
    const LayerFunction& function = overwrite ? *step.overwriting : *step.function;
    slots[at(step.output)] = function.forward(gathered, pass);
    if (observer) observer(step.output, gathered, slots[at(step.output)]);
    for (const int64_t slot : step.release) slots[at(slot)].reset();
  }
  std::vector<torch::Tensor> results;
  for (const int64_t output : outputs_) results.push_back(slots[at(output)]);
  return results;
}

}  // namespace nas
