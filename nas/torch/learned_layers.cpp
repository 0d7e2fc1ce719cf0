#include "nas/torch/learned_layers.hpp"

#include <utility>

#include "nas/torch/shared_batch_norm.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

ConvolutionFunction::ConvolutionFunction(const Convolution& layer, torch::Tensor weight,
                                         torch::Tensor bias)
    : layer_(layer), weight_(std::move(weight)), bias_(std::move(bias)) {}

torch::Tensor ConvolutionFunction::forward(std::span<const torch::Tensor> inputs,
                                           const Pass&) const {
  return at::conv2d(inputs[0], weight_, bias_, {layer_.stride, layer_.stride},
                    {layer_.padding.height, layer_.padding.width},
                    {layer_.dilation, layer_.dilation}, layer_.groups);
}

BatchNormFunction::BatchNormFunction(NormWeights weights) : weights_(std::move(weights)) {}

torch::Tensor BatchNormFunction::forward(std::span<const torch::Tensor> inputs,
                                         const Pass& pass) const {
  if (pass.training && !pass.fixed_statistics && pass.shared.statistics != nullptr) {
    return shared_batch_norm(inputs[0], weights_, pass.batch_norm_momentum,
                             *pass.shared.statistics);
  }
  return at::batch_norm(inputs[0], weights_.weight, weights_.bias, weights_.running_mean,
                        weights_.running_variance, pass.training && !pass.fixed_statistics,
                        pass.batch_norm_momentum, kNormEpsilon,
                        at::globalContext().userEnabledCuDNN());
}

}  // namespace nas
