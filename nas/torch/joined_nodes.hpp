#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "nas/kernels/branch_sum.hpp"
#include "nas/plan/execution.hpp"
#include "nas/torch/program.hpp"

namespace nas {

/// Nodes of a plan that branch_sum() can take as one branch, and of which nothing but the last
/// result is read by others: separable units one after another (with or without a depthwise
/// convolution, or factorized reductions), a pool and its batch norm, or any other batch norm.
struct JoinedNodes {
  int64_t input = 0;
  std::vector<int64_t> nodes;
  Branch branch;
};

/// Whether 3x3 convolutions over all channels with stride 1 are joined with their ReLU and batch
/// norm, which takes kernels of our own.
enum class OverAllChannels { joined, apart };

/// What is faster for x [N, C, H, W]: apart on other devices than the CPU, and of few samples,
/// where less is won than it takes to transform the weights.
OverAllChannels over_all_channels_for(const torch::Tensor& x);

/// All such that some steps of a plan hold, each as long as can be; `outputs` are read from
/// outside.
std::vector<JoinedNodes> joined_nodes(const NetworkPlan& plan,
                                      const std::vector<ExecutionStep>& steps,
                                      const std::vector<int64_t>& outputs,
                                      const LayerFunctions& functions, OverAllChannels over_all);

/// One layer of joined nodes. `inputs`: 0 is what enters them all, n the result of the n-th layer.
struct JoinedLayer {
  const LayerFunction* function = nullptr;
  std::vector<size_t> inputs;
};

/// Joined nodes as one function: by branch_sum() where it takes the input, else by `layers` in
/// order, whose functions outlive it.
std::unique_ptr<LayerFunction> make_joined(const Branch& branch, std::vector<JoinedLayer> layers);

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
