#pragma once

#include <torch/types.h>

#include <cstddef>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "nas/kernels/branch_graph.hpp"
#include "nas/torch/branch_source.hpp"

namespace nas {

/// What passes a source by.
struct PassedChannels {
  const BranchSource* source = nullptr;
};

/// Steps of a program that branch_graph() computes in one. Functions that it came from outlive it.
class JoinedGraph {
 public:
  /// A branch or what passes a source, over a value; or what a source gives, whose inputs are
  /// values.
  struct Term {
    std::vector<size_t> values;
    std::variant<Branch, const BranchSource*, PassedChannels> what;
    bool drop_path = false;  // followed by DropPath
  };
  using Sum = std::vector<Term>;
  using Node = std::variant<Sum, GraphConcatenation, GraphSlice, GraphShuffle>;

  /// Values numbered as in BranchGraph.
  JoinedGraph(std::vector<Node> nodes, std::vector<size_t> outputs)
      : nodes_(std::move(nodes)), outputs_(std::move(outputs)) {}

  /// Whether each sum has a term in this pass.
  bool takes(const Pass& pass) const;
  /// For inputs that branch_sum_takes(), or undefined ones that nothing is over in this pass.
  std::vector<torch::Tensor> forward(std::span<const torch::Tensor> inputs, const Pass& pass) const;

 private:
  std::vector<Node> nodes_;
  std::vector<size_t> outputs_;
};

}  // namespace nas
