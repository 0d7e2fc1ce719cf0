#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/plan/supernet_plan.hpp"
#include "nas/supernet/mixture.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

struct SupernetSetting {
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  torch::Dtype dtype = torch::kFloat32;
  MixtureRule mixture = softmax_mixture;
};

/// The network of a SupernetPlan with its architecture parameters ("alphas"): one tensor
/// [rows, options] a group, 1e-3 times standard normal at the start (as published with DARTS).
class Supernet {
 public:
  Supernet(const SupernetPlan& plan, const SupernetSetting& setting);

  /// x [N, C, H, W] -> logits [N, classes], differentiable by weights and alphas.
  torch::Tensor forward(const torch::Tensor& x);

  /// Training or evaluation mode is the network's.
  Network& network() { return *network_; }
  const std::vector<torch::Tensor>& weights() const { return weights_; }
  /// Running statistics of the batch norms.
  const std::vector<torch::Tensor>& buffers() const { return buffers_; }
  const std::vector<torch::Tensor>& alphas() const { return alphas_; }

  /// Mixture weights of every group by the rule in use.
  ArchitectureWeights probabilities() const;

  /// "network.<weight or buffer>" and "alphas.<group>", sharing storage.
  NamedTensors state() const;
  /// Copies values in place; throws InputError naming what does not fit.
  void load(const NamedTensors& state);

 private:
  std::vector<torch::Tensor> mixture() const;

  std::vector<ArchitectureGroup> groups_;
  MixtureRule rule_;
  std::shared_ptr<Network> network_;
  std::vector<torch::Tensor> weights_;
  std::vector<torch::Tensor> buffers_;
  std::vector<torch::Tensor> alphas_;
};

}  // namespace nas
