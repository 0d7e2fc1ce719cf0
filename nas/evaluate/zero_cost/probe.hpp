#pragma once

#include <torch/types.h>

#include <vector>

#include "nas/evaluate/zero_cost/minibatch.hpp"
#include "nas/plan/network.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// How often the loss is differentiated.
enum class Differentiation { none, once, twice };

/// What one pass of a minibatch through an untrained network shows; several proxies read the same
/// one. As in the code of Abdelfattah et al. 2021: batch norm in training mode, mean cross entropy,
/// and of the weights those of convolutions and linear layers.
struct Probe {
  torch::Tensor images;  // [N, C, H, W], requires gradients
  torch::Tensor logits;  // [N, classes]
  /// In plan order, of the layers that the logits depend on.
  std::vector<torch::Tensor> weights;
  /// What these layers give, before normalisation and activation.
  std::vector<torch::Tensor> outputs;
  /// What the ReLUs give.
  std::vector<torch::Tensor> activations;
  /// Of the loss; empty with Differentiation::none, themselves differentiable with twice. Zeros
  /// where the loss does not depend on it.
  std::vector<torch::Tensor> weight_gradients;
  std::vector<torch::Tensor> output_gradients;
};

/// `network` is the one of `plan`, in any floating-point type that the images have too; it is left
/// in training mode.
Probe run_probe(const NetworkPlan& plan, Network& network, const Minibatch& batch,
                Differentiation differentiation);

/// Weights of all convolutions and linear layers of a plan, by node; undefined for other nodes.
std::vector<torch::Tensor> layer_weights(const NetworkPlan& plan, const Network& network);

}  // namespace nas
