#pragma once

#include <torch/types.h>

#include <memory>

#include "nas/torch/module_builder.hpp"

namespace nas {

/// Mean over the batch of -sum_c p_c log softmax(z)_c: cross entropy of logits z [N, classes] with
/// a teacher's probabilities p [N, classes] (Hinton et al. 2015, at temperature 1). Scalar.
torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& probabilities);

/// How a network learns from another one's outputs beside the labels.
struct Teacher {
  std::shared_ptr<Network> network;
  /// Share of the loss: 0 labels alone, 1 the teacher alone.
  double weight = 0.5;
  double temperature = 4;
};

/// T^2 times the soft_cross_entropy of logits / T with the teacher's softmax(logits / T) (Hinton et
/// al. 2015, section 2). Both [N, classes]. Scalar.
torch::Tensor distillation_loss(const torch::Tensor& logits, const torch::Tensor& teacher,
                                double temperature);

}  // namespace nas
