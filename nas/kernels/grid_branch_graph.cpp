#include "nas/kernels/grid_branch_graph.hpp"

#include <utility>

#include "nas/kernels/channel_shuffle.hpp"
#include "nas/kernels/grid_branch_sum.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// The values of a graph while they are read.
class GraphValues {
 public:
  explicit GraphValues(BranchGraph& graph)
      : values_(std::move(graph.inputs)), left_(values_.size() + graph.nodes.size()) {
    for (const GraphNode& node : graph.nodes) {
      for_each_read(node, [&](size_t value) { ++left_[value]; });
    }
    for (const size_t output : graph.outputs) ++left_[output];
  }

  void add(torch::Tensor value) { values_.push_back(std::move(value)); }
  const torch::Tensor& at(size_t value) const { return values_[value]; }

  /// Lets go of what was read for the last time.
  void read_by(const GraphNode& node) {
    for_each_read(node, [&](size_t value) {
      if (--left_[value] == 0) values_[value].reset();
    });
  }

 private:
  template <class Visit>
  static void for_each_read(const GraphNode& node, const Visit& visit) {
    if (const auto* concatenation = std::get_if<GraphConcatenation>(&node)) {
      for (const size_t value : concatenation->values) visit(value);
    } else if (const auto* slice = std::get_if<GraphSlice>(&node)) {
      visit(slice->value);
    } else if (const auto* shuffle = std::get_if<GraphShuffle>(&node)) {
      visit(shuffle->value);
    } else {
      for (const GraphTerm& term : std::get<GraphSum>(node).terms) visit(term.value);
    }
  }

  std::vector<torch::Tensor> values_;
  std::vector<size_t> left_;
};

/// Terms with factors of their own for each sample apart, all others at once.
torch::Tensor value_of(const GraphSum& sum, const GraphValues& values, const NormPass& pass) {
  std::vector<BranchInput> together;
  torch::Tensor result;
  const auto add = [&](const torch::Tensor& term) {
    result = result.defined() ? result + term : term;
  };
  for (const GraphTerm& term : sum.terms) {
    const std::vector<BranchInput> alone{{values.at(term.value), {term.branch}}};
    if (term.samples.defined()) {
      const torch::Tensor y = grid_branch_sum(alone, pass);
      add(y * term.samples.to(y.scalar_type()).view({-1, 1, 1, 1}));
    } else {
      together.push_back(alone.front());
    }
  }
  if (!together.empty()) add(grid_branch_sum(together, pass));
  return result;
}

torch::Tensor value_of(const GraphConcatenation& concatenation, const GraphValues& values,
                       const NormPass&) {
  std::vector<torch::Tensor> parts;
  for (const size_t value : concatenation.values) parts.push_back(values.at(value));
  return at::cat(parts, 1);
}

torch::Tensor value_of(const GraphSlice& slice, const GraphValues& values, const NormPass&) {
  const torch::Tensor& all = values.at(slice.value);
  const int64_t part = all.size(1) / slice.parts;
  return all.narrow(1, slice.first * part, (slice.last - slice.first) * part);
}

torch::Tensor value_of(const GraphShuffle& shuffle, const GraphValues& values, const NormPass&) {
  return channels_shuffled(values.at(shuffle.value), shuffle.groups);
}

}  // namespace

std::vector<torch::Tensor> grid_branch_graph(BranchGraph graph, const NormPass& pass) {
  GraphValues values(graph);
  for (const GraphNode& node : graph.nodes) {
    values.add(std::visit([&](const auto& kind) { return value_of(kind, values, pass); }, node));
    values.read_by(node);
  }
  std::vector<torch::Tensor> outputs;
  for (const size_t output : graph.outputs) outputs.push_back(values.at(output));
  return outputs;
}

}  // namespace nas
