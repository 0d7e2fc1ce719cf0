#pragma once

#include <torch/types.h>

#include <vector>

#include "nas/supernet/example_batches.hpp"
#include "nas/supernet/supernet.hpp"

namespace nas {

/// One gradient per tensor of alphas, shaped like it, and the loss that it descends.
struct ArchitectureGradient {
  std::vector<torch::Tensor> gradients;
  torch::Tensor loss;  // scalar, detached, at the weights that the gradient was taken at
};

/// The step of the weights that the second-order gradient looks ahead by.
struct Unroll {
  double learning_rate = 0;  // xi
  double momentum = 0;
  double weight_decay = 0;
  /// One a weight.
  std::vector<torch::Tensor> momentum_buffers;
  /// Length of the step by which the Hessian-vector product is differenced: epsilon = radius / |g|.
  double radius = 0.01;
};

/// One a tensor of alphas: gradients of the supernet's penalty; empty where it has none.
std::vector<torch::Tensor> penalty_gradients(const Supernet& supernet);

/// Mean cross-entropy of a batch; where several processes share it, our part of that: the mean is
/// the sum of all parts.
torch::Tensor supernet_loss(Supernet& supernet, const Batch& batch);

/// Replaces tensors by their sums over the processes that share `batch`; nothing where it is whole.
void sum_over_processes(const std::vector<torch::Tensor>& tensors, const Batch& batch);

/// d L_val(w, alpha) / d alpha (Liu et al. 2019, xi = 0). Neither this nor the second-order
/// gradient changes anything of the supernet: the running statistics of the batch norms that its
/// forward passes update are put back, so only passes that train the weights count there.
ArchitectureGradient first_order_gradient(Supernet& supernet, const Batch& validation);

/// d L_val(w', alpha) / d alpha with w' = w - xi (momentum * buffer + d L_train(w, alpha) / dw +
/// weight_decay * w), by a difference of two gradients (Liu et al. 2019, equations 7 and 8):
/// d_alpha L_val(w', alpha) - xi (d_alpha L_train(w + epsilon g, alpha) -
/// d_alpha L_train(w - epsilon g, alpha)) / (2 epsilon), g = d L_val(w', alpha) / dw'.
/// The weights come back bit for bit.
ArchitectureGradient second_order_gradient(Supernet& supernet, const Batch& train,
                                           const Batch& validation, const Unroll& unroll);

}  // namespace nas
