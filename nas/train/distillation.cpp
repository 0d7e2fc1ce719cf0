#include "nas/train/distillation.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& probabilities) {
  return -(probabilities * torch::log_softmax(logits, 1)).sum(1).mean();
}

}  // namespace nas
