#pragma once

#include <torch/types.h>

namespace nas {

/// Mean over the batch of -sum_c p_c log softmax(z)_c: cross entropy of logits z [N, classes] with
/// a teacher's probabilities p [N, classes] (Hinton et al. 2015, at temperature 1). Scalar.
torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& probabilities);

}  // namespace nas
