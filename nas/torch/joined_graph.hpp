#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "nas/kernels/branch_graph.hpp"
#include "nas/plan/network.hpp"
#include "nas/torch/branch_source.hpp"
#include "nas/torch/program_step.hpp"

namespace nas {

/// Steps of a program that branch_graph() computes in one. Functions that it came from outlive it.
class JoinedGraph {
 public:
  /// A branch over a value; or what a source gives, whose inputs are values.
  struct Term {
    std::vector<size_t> values;
    std::variant<Branch, const BranchSource*> what;
    bool drop_path = false;  // followed by DropPath
  };
  using Sum = std::vector<Term>;
  using Node = std::variant<Sum, GraphConcatenation>;

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

/// Steps in order with all sources and what can be computed with them in graphs, which are added to
/// `graphs`: pools without batch norms, sums, DropPath in front of them and concatenations join
/// what they read. `outputs` are slots that are read from outside.
std::vector<ProgramStep> join_graphs(const NetworkPlan& plan, const std::vector<ProgramStep>& steps,
                                     const std::vector<int64_t>& outputs,
                                     std::vector<std::unique_ptr<JoinedGraph>>& graphs);

}  // namespace nas
