#pragma once

#include <torch/types.h>

#include <functional>

namespace nas {

/// Turns the architecture parameters [rows, options] of one group into the weights by which its
/// options are mixed, same shape, differentiable.
using MixtureRule = std::function<torch::Tensor(const torch::Tensor& alphas)>;

/// Softmax over the options of each row (Liu et al. 2019, equation 2).
torch::Tensor softmax_mixture(const torch::Tensor& alphas);

}  // namespace nas
