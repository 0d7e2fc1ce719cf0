#include "nas/torch/joined_graph.hpp"

#include <algorithm>
#include <utility>

#include "nas/torch/drop_path.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// The branches of a term in one pass.
std::vector<BranchSource::Part> parts_of(const JoinedGraph::Term& term, const Pass& pass) {
  if (const auto* source = std::get_if<const BranchSource*>(&term.what)) {
    return (*source)->parts(pass);
  }
  if (const auto* passed = std::get_if<PassedChannels>(&term.what)) {
    return {{0, IdentityBranch{{}, passed->source->passed_factor(pass)}}};
  }
  return {{0, std::get<Branch>(term.what)}};
}

}  // namespace

bool JoinedGraph::takes(const Pass& pass) const {
  const auto counts = [&](const Term& term) {
    const auto* source = std::get_if<const BranchSource*>(&term.what);
    return source == nullptr || !(*source)->gives_zeros(pass);
  };
  return std::all_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
    const auto* sum = std::get_if<Sum>(&node);
    return sum == nullptr || std::any_of(sum->begin(), sum->end(), counts);
  });
}

std::vector<torch::Tensor> JoinedGraph::forward(std::span<const torch::Tensor> inputs,
                                                const Pass& pass) const {
  BranchGraph graph;
  graph.outputs = outputs_;
  // Without inputs that no part of this pass is over.
  std::vector<size_t> number_of;
  for (const torch::Tensor& input : inputs) {
    number_of.push_back(graph.inputs.size());
    if (input.defined()) graph.inputs.push_back(input);
  }
  const size_t missing = inputs.size() - graph.inputs.size();
  const auto number = [&](size_t value) {
    return value < inputs.size() ? number_of[value] : value - missing;
  };
  for (size_t& output : graph.outputs) output = number(output);
  const torch::Tensor& x = graph.inputs.front();
  for (const Node& node : nodes_) {
    if (const auto* sum = std::get_if<Sum>(&node)) {
      GraphSum& own = std::get<GraphSum>(graph.nodes.emplace_back(GraphSum()));
      for (const Term& term : *sum) {
        torch::Tensor mask;
        if (term.drop_path && drops_paths(pass)) mask = path_mask(x.size(0), x.options(), pass);
        for (BranchSource::Part& part : parts_of(term, pass)) {
          own.terms.push_back({number(term.values[part.over]), std::move(part.branch), mask});
        }
      }
    } else if (const auto* concatenation = std::get_if<GraphConcatenation>(&node)) {
      GraphConcatenation own = *concatenation;
      for (size_t& value : own.values) value = number(value);
      graph.nodes.emplace_back(std::move(own));
    } else if (const auto* slice = std::get_if<GraphSlice>(&node)) {
      graph.nodes.emplace_back(
          GraphSlice{number(slice->value), slice->first, slice->last, slice->parts});
    } else {
      const auto& shuffle = std::get<GraphShuffle>(node);
      graph.nodes.emplace_back(GraphShuffle{number(shuffle.value), shuffle.groups});
    }
  }
  return branch_graph(std::move(graph), norm_pass(pass));
}

}  // namespace nas
