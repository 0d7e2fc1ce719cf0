#pragma once

#include <cstdint>
#include <vector>

#include "nas/kernels/branch_sum.hpp"
#include "nas/plan/execution.hpp"
#include "nas/torch/over_all_channels.hpp"
#include "nas/torch/program.hpp"

namespace nas {

/// Nodes of a plan that branch_sum() can take as one branch, and of which nothing but the last
/// result is read by others: separable units one after another (with or without a depthwise
/// convolution, or factorized reductions), a 3x3 pool and its batch norm where it has one, or any
/// other batch norm.
struct JoinedNodes {
  int64_t input = 0;
  std::vector<int64_t> nodes;
  Branch branch;
};

/// All such that some steps of a plan hold, each as long as can be; `outputs` are read from
/// outside.
std::vector<JoinedNodes> joined_nodes(const NetworkPlan& plan,
                                      const std::vector<ExecutionStep>& steps,
                                      const std::vector<int64_t>& outputs,
                                      const LayerFunctions& functions, OverAllChannels over_all);

/// The longest end of a plan that branch_sum() can compute: its first output is `branch` over the
/// node `input`. At the least, the output is its own.
struct LastBranch {
  int64_t input = 0;
  Branch branch;
};
LastBranch last_branch_of(const NetworkPlan& plan, const LayerFunctions& functions,
                          OverAllChannels over_all);

/// How many of the steps, and of the outputs, read each node.
std::vector<int64_t> count_readers(const std::vector<ExecutionStep>& steps, size_t nodes,
                                   const std::vector<int64_t>& outputs);

}  // namespace nas
