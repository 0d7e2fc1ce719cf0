#pragma once

#include "nas/kernels/branch_sum.hpp"
#include "nas/torch/layers.hpp"

namespace nas {

/// A convolution; [N, in, H, W] -> [N, out, H', W'].
class ConvolutionFunction final : public LayerFunction {
 public:
  /// `bias` may be undefined.
  ConvolutionFunction(const Convolution& layer, torch::Tensor weight, torch::Tensor bias);
  torch::Tensor forward(std::span<const torch::Tensor> inputs, const Pass& pass) const override;

  const Convolution& layer() const { return layer_; }
  const torch::Tensor& weight() const { return weight_; }
  const torch::Tensor& bias() const { return bias_; }

 private:
  Convolution layer_;
  torch::Tensor weight_;
  torch::Tensor bias_;
};

/// Batch norm over [N, C, H, W]; the batch's statistics in training, the running ones otherwise.
class BatchNormFunction final : public LayerFunction {
 public:
  explicit BatchNormFunction(NormWeights weights);
  torch::Tensor forward(std::span<const torch::Tensor> inputs, const Pass& pass) const override;

  const NormWeights& weights() const { return weights_; }

 private:
  NormWeights weights_;
};

}  // namespace nas
