#include "nas/train/score.hpp"

#include "nas/torch/torch.hpp"
#include "nas/train/precision.hpp"

namespace nas {

Metrics score(Network& network, const Examples& examples, const Normalization& normalization,
              const TrainConfig& config, const std::string& split) {
  if (examples.size() == 0) return {};
  const torch::NoGradGuard no_grad;
  network.eval();
  const auto device = examples.labels.device();
  const torch::Tensor order = torch::arange(examples.size(), examples.labels.options());
  torch::Tensor sums = torch::zeros({2}, torch::dtype(torch::kDouble).device(device));
  for (const auto& indices : order.split(config.evaluation_batch_size)) {
    const AutocastScope autocast(config.precision, device);
    const torch::Tensor logits =
        network.forward(normalized(examples, indices, normalization)).front().to(torch::kFloat);
    const torch::Tensor labels = examples.labels.index_select(0, indices);
    sums[0] += (logits.argmax(1) == labels).sum();
    sums[1] += torch::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum);
  }
  const auto count = static_cast<double>(examples.size());
  const torch::Tensor totals = sums.cpu();
  return {{split + "_accuracy", 100 * totals[0].item<double>() / count},
          {split + "_loss", totals[1].item<double>() / count}};
}

}  // namespace nas
