#pragma once

#include <torch/types.h>

namespace nas {

/// Mean over the batch of the cross entropy of logits [N, classes] against labels [N], of which
/// each is smoothed: 1 - smoothing + smoothing / classes for the class, smoothing / classes for the
/// others (Szegedy et al. 2016, section 7). Weighted by the labels' `class_weights` [classes] where
/// there are some.
torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                            double smoothing, const torch::Tensor& class_weights = {});

/// Mean over the batch of the focal loss (Lin et al. 2017, equation 5), -(1 - p)^gamma log p with
/// the probability p of the label: with gamma 0 the cross entropy. Weighted as there.
torch::Tensor focal_loss(const torch::Tensor& logits, const torch::Tensor& labels, double gamma,
                         const torch::Tensor& class_weights = {});

}  // namespace nas
