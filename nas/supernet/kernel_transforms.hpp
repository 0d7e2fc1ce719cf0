#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// By name of a convolution's weight, the sizes of its square kernels in some networks.
using KernelSizes = std::map<std::string, std::set<int64_t>>;

/// Of the convolutions whose kernels differ between the plans.
KernelSizes elastic_kernels(const std::vector<NetworkPlan>& plans);

/// Matrices by which the smaller kernels of a convolution follow from its largest (Cai et al. 2020,
/// section 3.3): the middle k x k of the next larger kernel, as a vector, times a k^2 x k^2 matrix
/// that all channels have in common; from 7 to 5 and from there to 3. Named
/// "<convolution>.kernel_7_to_5".
class KernelTransforms {
 public:
  KernelTransforms() = default;
  /// Identities, which leave the middle as it is.
  KernelTransforms(const KernelSizes& sizes, torch::Device device);

  /// Whether there are matrices for this weight.
  bool has(const std::string& weight) const;
  /// [O, I, K, K] of the largest size K -> [O, I, k, k], as a convolution expects it in memory. A
  /// kernel that no matrix leads to is the middle of the smallest larger one.
  torch::Tensor transformed(const std::string& weight, const torch::Tensor& largest,
                            int64_t size) const;

  /// Sharing storage; empty where there are none.
  NamedTensors state() const;
  /// Takes what of `state` are such matrices, also those that were not there before, and returns
  /// the rest. Values are copied. Throws InputError for a matrix of another shape.
  NamedTensors load(const NamedTensors& state, torch::Device device);

 private:
  struct Step {
    int64_t to = 0;
    torch::Tensor matrix;
  };
  void add(const std::string& convolution, int64_t from, int64_t to, const torch::Tensor& matrix);

  std::map<std::string, std::map<int64_t, Step>> steps_;  // by convolution and size before
};

}  // namespace nas
