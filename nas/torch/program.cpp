#include "nas/torch/program.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "nas/torch/joined_nodes.hpp"
#include "nas/torch/joined_sum.hpp"

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
        own_functions_.push_back(make_relu_in_place());
        step.overwriting = own_functions_.back().get();
      }
    }
    steps_.push_back(std::move(step));
  }
  const auto joined = [&](OverAllChannels over_all) {
    auto all = join_nodes(joined_nodes(plan, steps, outputs_, functions, over_all));
    return join_sums(plan, share_relus(plan, std::move(all)), readers, functions);
  };
  joined_ = joined(OverAllChannels::joined);
  joined_but_over_all_ = joined(OverAllChannels::apart);
  for (std::vector<Step>* own : {&steps_, &joined_, &joined_but_over_all_}) plan_releases(*own);
}

std::vector<Program::Step> Program::join_nodes(const std::vector<JoinedNodes>& all) {
  std::vector<Step> result;
  std::map<int64_t, size_t> index_of;
  for (size_t i = 0; i < all.size(); ++i) {
    for (const int64_t node : all[i].nodes) index_of[node] = i;
  }
  std::vector<std::vector<JoinedLayer>> layers(all.size());
  std::vector<size_t> value_of(at(slots_), 0);  // within its joined nodes
  for (const Step& step : steps_) {
    const auto found = index_of.find(step.output);
    if (found == index_of.end()) {
      result.push_back(step);
      continue;
    }
    const JoinedNodes& nodes = all[found->second];
    auto& own = layers[found->second];
    JoinedLayer layer{step.overwriting != nullptr ? step.overwriting : step.function, {}};
    for (const int64_t input : step.inputs) {
      layer.inputs.push_back(input == nodes.input ? 0 : value_of[at(input)]);
    }
    own.push_back(std::move(layer));
    value_of[at(step.output)] = own.size();
    if (step.output != nodes.nodes.back()) continue;
    own_functions_.push_back(make_joined(nodes.branch, std::move(own)));
    result.push_back({own_functions_.back().get(), nullptr, {nodes.input}, step.output, {}});
  }
  return result;
}

/// Several ReLUs of one value, each ahead of another convolution, become one.
std::vector<Program::Step> Program::share_relus(const NetworkPlan& plan,
                                                std::vector<Step> all) const {
  std::vector<Step> result;
  std::map<int64_t, int64_t> relu_of;
  std::map<int64_t, int64_t> replaced_by;
  for (Step& step : all) {
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

/// Sums take in those of their terms that only they read and that branch_sum() can compute.
std::vector<Program::Step> Program::join_sums(const NetworkPlan& plan, std::vector<Step> all,
                                              const std::vector<int64_t>& readers,
                                              const LayerFunctions& functions) {
  std::map<int64_t, Step> sources;  // by output
  for (const Step& step : all) {
    if (step.function->branch_source() != nullptr && readers[at(step.output)] == 1) {
      sources.emplace(step.output, step);
    }
  }
  std::set<int64_t> taken;
  for (Step& step : all) {
    if (!is<Add>(plan.nodes[at(step.output)])) continue;
    std::vector<JoinedTerm> terms;
    std::vector<int64_t> inputs;
    for (const int64_t input : step.inputs) {
      const auto source = sources.find(input);
      const bool own = source != sources.end();
      inputs.push_back(own ? source->second.inputs.front() : input);
      terms.push_back(
          own ? JoinedTerm{source->second.function, source->second.function->branch_source()}
              : JoinedTerm{});
      if (own) taken.insert(input);
    }
    if (inputs == step.inputs) continue;
    own_functions_.push_back(make_joined_sum(std::move(terms), functions[at(step.output)].get()));
    step.function = own_functions_.back().get();
    step.inputs = std::move(inputs);
  }
  std::vector<Step> result;
  for (Step& step : all) {
    if (!taken.contains(step.output)) result.push_back(std::move(step));
  }
  return result;
}

void Program::plan_releases(std::vector<Step>& steps) const {
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

std::vector<torch::Tensor> Program::run(const torch::Tensor& input, const Pass& pass) const {
  return run(input, pass, NodeObserver());
}

std::vector<torch::Tensor> Program::run(const torch::Tensor& input, const Pass& pass,
                                        const NodeObserver& observer) const {
  std::vector<torch::Tensor> slots(at(slots_));
  std::vector<torch::Tensor> gathered;
  slots.front() = pass.rewrite ? pass.rewrite(0, input) : input;
  const bool by_node = observer || pass.rewrite;
  const std::vector<Step>& joined =
      over_all_channels_for(input) == OverAllChannels::joined ? joined_ : joined_but_over_all_;
  for (const Step& step : by_node ? steps_ : joined) {
    gathered.clear();
    for (const int64_t slot : step.inputs) gathered.push_back(slots[at(slot)]);
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
