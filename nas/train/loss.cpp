#include "nas/train/loss.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                            double smoothing, const torch::Tensor& class_weights) {
  constexpr int64_t kIgnoreNone = -100;  // no label has this value
  return torch::cross_entropy_loss(logits, labels, class_weights, at::Reduction::Mean, kIgnoreNone,
                                   smoothing);
}

torch::Tensor focal_loss(const torch::Tensor& logits, const torch::Tensor& labels, double gamma,
                         const torch::Tensor& class_weights) {
  const torch::Tensor logs = torch::log_softmax(logits, 1);
  const torch::Tensor own = logs.gather(1, labels.unsqueeze(1)).squeeze(1);
  // 1 - p without cancellation; kept off 0, where the power of an exponent below 1 is too steep.
  const torch::Tensor wrong = (-torch::expm1(own)).clamp_min(1e-12);
  const torch::Tensor losses = -wrong.pow(gamma) * own;
  if (!class_weights.defined()) return losses.mean();
  const torch::Tensor weights = class_weights.index_select(0, labels);
  return (weights * losses).sum() / weights.sum();
}

}  // namespace nas
