#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/torch/observer.hpp"

namespace nas {

struct SharedBatch;

/// The LibTorch module of a NetworkPlan, supernets included. Parameters and buffers are named after
/// the plan's nodes: "cells.0.edge_0_1.conv.weight".
class Network : public torch::nn::Module {
 public:
  /// Weights as after initialize(0), on the CPU. Prefer build_network.
  explicit Network(const NetworkPlan& plan);
  ~Network() override;

  /// Weights and running statistics as at the start, drawn from `seed` alone.
  void initialize(uint64_t seed);

  /// x [N, C, H, W] -> logits [N, classes] of outputs[0]; in training mode also of the auxiliary
  /// head (outputs[1]) where the plan has one.
  std::vector<torch::Tensor> forward(const torch::Tensor& x);
  /// The same, told to `observer`.
  std::vector<torch::Tensor> forward(const torch::Tensor& x, const NodeObserver& observer);

  /// Probability with which DropPath layers drop a sample's path in training.
  void set_drop_path(double probability);

  /// Weight of a batch's mean and variance in the running ones of batch norms; 0.1 at the start.
  void set_batch_norm_momentum(double momentum);

  /// Training batches are parts of larger ones from now on.
  void set_shared_batch(const SharedBatch& batch);

  /// Forward passes go node by node then, and batch norms keep their statistics; an empty one ends
  /// that.
  void set_rewriter(NodeRewriter rewriter);

  /// Mixture weights of Mixed layers, one [rows, options] tensor a group; may require gradients.
  /// An option whose weight is not needed by the rule in use may be skipped by giving a mask: where
  /// `active[group]` ([rows, options], bool, CPU) is false the option is not computed at all.
  void set_mixture(std::vector<torch::Tensor> weights, std::vector<torch::Tensor> active = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Builds the module with weights drawn from `seed` alone: convolutions He normal (fan out), batch
/// norm 1 and 0, linear layers uniform +-1/sqrt(fan in) with zero bias.
std::shared_ptr<Network> build_network(const NetworkPlan& plan, uint64_t seed,
                                       torch::Device device);

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Parameters and buffers by name, sharing storage with the module, in a fixed order.
NamedTensors state_of(const torch::nn::Module& module);
/// Copies values in place; throws InputError naming the first missing, surplus or differently
/// shaped or typed tensor.
void load_state(torch::nn::Module& module, const NamedTensors& state);

}  // namespace nas
