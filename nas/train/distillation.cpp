#include "nas/train/distillation.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& probabilities) {
  return -(probabilities * torch::log_softmax(logits, 1)).sum(1).mean();
}

torch::Tensor distillation_loss(const torch::Tensor& logits, const torch::Tensor& teacher,
                                double temperature) {
  return temperature * temperature *
         soft_cross_entropy(logits / temperature, torch::softmax(teacher / temperature, 1));
}

}  // namespace nas
