#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <span>

namespace nas {

/// Hears of each node of a plan that a forward pass has computed, in order: its index in the plan,
/// its inputs and its output. Nothing that it is given is overwritten later in the pass. Nodes
/// inside a Mixed layer are not told.
using NodeObserver = std::function<void(int64_t node, std::span<const torch::Tensor> inputs,
                                        const torch::Tensor& output)>;

/// What becomes of a node's output before others read it; of the input itself as node 0. Not of
/// nodes inside a Mixed layer.
using NodeRewriter = std::function<torch::Tensor(int64_t node, const torch::Tensor& output)>;

}  // namespace nas
