#include "nas/train/loss.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                            double smoothing, const torch::Tensor& class_weights) {
  constexpr int64_t kIgnoreNone = -100;  // no label has this value
  return torch::cross_entropy_loss(logits, labels, class_weights, at::Reduction::Mean, kIgnoreNone,
                                   smoothing);
}

}  // namespace nas
