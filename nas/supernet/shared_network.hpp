#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/supernet/kernel_transforms.hpp"
#include "nas/torch/layers.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// A network that runs on weights of a SharedNetwork. Good until these change: an optimizer's step
/// does not reach those of its weights that are copies (see weight_slice), so that each step builds
/// its own.
class Subnetwork {
 public:
  /// `weights` gives the layers of `plan` their weights.
  Subnetwork(const NetworkPlan& plan, WeightTable& weights);
  Subnetwork(Subnetwork&&) noexcept;
  ~Subnetwork();

  /// x [N, C, H, W] -> logits [N, classes], differentiable by the shared weights. Batch norms in
  /// training update the shared running statistics.
  torch::Tensor forward(const torch::Tensor& x, const Pass& pass) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The weights that the networks of all points share (Pham et al. 2018, Guo et al. 2020), and the
/// running statistics of their batch norms.
class SharedNetwork {
 public:
  /// Weights of `whole` (see Space::shared_network), drawn from `seed` alone.
  SharedNetwork(const NetworkPlan& whole, uint64_t seed, torch::Device device);

  /// `part` (see Space::subnetwork) on slices of the shared weights. Throws InputError naming a
  /// tensor that is missing or too small.
  Subnetwork subnetwork(const NetworkPlan& part) const;
  /// A network of its own with copies of those slices: it gives bit for bit what the subnetwork
  /// does.
  std::shared_ptr<Network> extract(const NetworkPlan& part) const;

  /// From now on smaller kernels follow from larger ones by these matrices, which are weights too.
  void transform_kernels(KernelTransforms transforms);

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  /// All weights and running statistics by name, sharing storage.
  NamedTensors state() const;
  /// Copies values in place; throws InputError naming what does not fit. Matrices of kernels that
  /// the state holds are taken over.
  void load(const NamedTensors& state);

 private:
  torch::Device device_;
  std::shared_ptr<Network> whole_;
  KernelTransforms transforms_;
  std::vector<torch::Tensor> parameters_;
  std::map<std::string, torch::Tensor> tensors_;  // parameters and buffers
};

}  // namespace nas
