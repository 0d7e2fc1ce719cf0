#include "nas/torch/program.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "nas/torch/branch_source.hpp"
#include "nas/torch/graph_joiner.hpp"
#include "nas/torch/joined_nodes.hpp"
#include "nas/torch/over_all_channels.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

template <class T>
bool is(const Node& node) {
  return std::holds_alternative<T>(node.layer);
}

/// The backward passes of these read their input, not their output.
bool output_may_be_overwritten(const Node& node) {
  return is<Convolution>(node) || is<BatchNorm>(node) || is<Linear>(node);
}

/// Joined nodes.
class OneBranch final : public BranchSource {
 public:
  explicit OneBranch(Branch branch) : branch_(std::move(branch)) {}
  std::vector<Part> parts(const Pass&) const override { return {{0, branch_}}; }

 private:
  Branch branch_;
};

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
    ProgramStep step;
    step.function = functions[at(node)].get();
    step.inputs = inputs;
    step.output = node;
    if (is<Relu>(plan.nodes[at(node)])) {
      const auto source = at(inputs.front());
      if (readers[source] == 1 && output_may_be_overwritten(plan.nodes[source])) {
        own_functions_.push_back(make_relu_in_place());
        step.overwriting = own_functions_.back().get();
      }
    }
    steps_.push_back(std::move(step));
  }
  const auto joined = [&](OverAllChannels over_all) {
    auto all = join_nodes(joined_nodes(plan, steps, outputs_, functions, over_all));
    all = part_sources(share_relus(plan, std::move(all)), over_all);
    return join_graphs(plan, all, outputs_, own_graphs_);
  };
  joined_ = joined(OverAllChannels::joined);
  joined_but_over_all_ = joined(OverAllChannels::apart);
  for (auto* own : {&steps_, &joined_, &joined_but_over_all_}) plan_releases(*own);
}

std::vector<ProgramStep> Program::join_nodes(std::vector<JoinedNodes> all) {
  std::map<int64_t, JoinedNodes*> joined;  // by node
  for (JoinedNodes& nodes : all) {
    for (const int64_t node : nodes.nodes) joined[node] = &nodes;
  }
  std::vector<ProgramStep> result;
  for (const ProgramStep& step : steps_) {
    const auto found = joined.find(step.output);
    if (found == joined.end()) {
      result.push_back(step);
      continue;
    }
    JoinedNodes& nodes = *found->second;
    if (step.output != nodes.nodes.back()) continue;
    own_sources_.push_back(std::make_unique<OneBranch>(std::move(nodes.branch)));
    ProgramStep own;
    own.source = own_sources_.back().get();
    own.inputs = {nodes.input};
    own.output = step.output;
    result.push_back(std::move(own));
  }
  return result;
}

/// Several ReLUs of one value, each ahead of another convolution, become one.
std::vector<ProgramStep> Program::share_relus(const NetworkPlan& plan,
                                              std::vector<ProgramStep> all) const {
  std::vector<ProgramStep> result;
  std::map<int64_t, int64_t> relu_of;
  std::map<int64_t, int64_t> replaced_by;
  for (ProgramStep& step : all) {
    for (int64_t& input : step.inputs) {
      const auto other = replaced_by.find(input);
      if (other != replaced_by.end()) input = other->second;
    }
    const bool read_outside =
        std::find(outputs_.begin(), outputs_.end(), step.output) != outputs_.end();
    if (is<Relu>(plan.nodes[at(step.output)]) && !read_outside) {
      const auto [first, added] = relu_of.emplace(step.inputs.front(), step.output);
      if (!added) {
        replaced_by[step.output] = first->second;
        continue;
      }
    }
    result.push_back(std::move(step));
  }
  return result;
}

/// Steps that are sources become what comes before their branches, in slots of its own, and these.
std::vector<ProgramStep> Program::part_sources(const std::vector<ProgramStep>& all,
                                               OverAllChannels over_all) {
  std::vector<ProgramStep> result;
  for (ProgramStep step : all) {
    if (step.source == nullptr) step.source = step.function->branch_source(over_all);
    if (step.source != nullptr) {
      const int64_t x = step.inputs.front();
      for (const LayerFunction* before : step.source->before()) {
        ProgramStep first;
        first.function = before;
        first.inputs = {x};
        first.output = slots_++;
        step.inputs.push_back(first.output);
        result.push_back(std::move(first));
      }
    }
    result.push_back(std::move(step));
  }
  return result;
}

void Program::plan_releases(std::vector<ProgramStep>& steps) const {
  std::vector<char> live_later(at(slots_), 0);
  for (const int64_t output : outputs_) live_later[at(output)] = 1;
  for (size_t i = steps.size(); i-- > 0;) {
    for (const int64_t input : steps[i].inputs) {
      if (live_later[at(input)] != 0) continue;
      live_later[at(input)] = 1;
      steps[i].release.push_back(input);
    }
  }
}

const std::vector<ProgramStep>& Program::steps_for(const torch::Tensor& input,
                                                   const Pass& pass) const {
  // One sample may become one value a channel.
  const bool alone = pass.training && input.size(0) == 1;
  if (alone || !branch_sum_takes(input, pass)) return steps_;
  const bool whole = over_all_channels_for(input) == OverAllChannels::joined;
  const std::vector<ProgramStep>& steps = whole ? joined_ : joined_but_over_all_;
  const bool taken = std::all_of(steps.begin(), steps.end(), [&](const ProgramStep& step) {
    return step.graph == nullptr || step.graph->takes(pass);
  });
  return taken ? steps : steps_;
}

std::vector<torch::Tensor> Program::run(const torch::Tensor& input, const Pass& pass) const {
  return run(input, pass, NodeObserver());
}

std::vector<torch::Tensor> Program::run(const torch::Tensor& input, const Pass& pass,
                                        const NodeObserver& observer) const {
  std::vector<torch::Tensor> slots(at(slots_));
  std::vector<torch::Tensor> gathered;
  slots.front() = pass.rewrite ? pass.rewrite(0, input) : input;
  const bool by_node = observer || pass.rewrite;
  for (const ProgramStep& step : by_node ? steps_ : steps_for(input, pass)) {
    gathered.clear();
    for (const int64_t slot : step.inputs) gathered.push_back(slots[at(slot)]);
    if (step.graph != nullptr) {
      std::vector<torch::Tensor> found = step.graph->forward(gathered, pass);
      for (size_t i = 0; i < found.size(); ++i) slots[at(step.outputs[i])] = std::move(found[i]);
      for (const int64_t slot : step.release) slots[at(slot)].reset();
      continue;
    }
    const bool overwrite = step.overwriting != nullptr && !by_node;
    const LayerFunction& function = overwrite ? *step.overwriting : *step.function;
    torch::Tensor& output = slots[at(step.output)];
    output = function.forward(gathered, pass);
    if (pass.rewrite) output = pass.rewrite(step.output, output);
    if (observer) observer(step.output, gathered, output);
    for (const int64_t slot : step.release) slots[at(slot)].reset();
  }
  std::vector<torch::Tensor> results;
  for (const int64_t output : outputs_) results.push_back(slots[at(output)]);
  return results;
}

}  // namespace nas
