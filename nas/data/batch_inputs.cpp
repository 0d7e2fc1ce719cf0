#include "nas/data/batch_inputs.hpp"

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// `to` gets what `from` holds; from the host without waiting.
void send(const torch::Tensor& from, const torch::Tensor& to) {
  const bool host_to_device = from.device().is_cpu() && to.is_cuda();
  torch::Tensor(to).copy_(host_to_device ? from.pin_memory() : from, /*non_blocking=*/true);
}

}  // namespace

BatchInputs::BatchInputs(const TrainingData& data, const AugmentConfig& augment, int64_t most)
    : data_(data), augment_(augment), most_(most) {}

void BatchInputs::set(const BatchPart& part, uint64_t seed) {
  count_ = part.count;
  if (!indices_.defined()) indices_ = torch::zeros({most_}, part.indices.options());
  send(part.indices.narrow(0, part.first, count_), indices_.narrow(0, 0, count_));
  const torch::Tensor all = augmentation_draws(data_.train, part.indices.size(0), augment_, seed);
  if (!all.defined()) return;
  if (!draws_.defined()) {
    draws_ = torch::zeros({most_, all.size(1)}, all.options().device(data_.train.images.device()));
  }
  send(all.narrow(0, part.first, count_), draws_.narrow(0, 0, count_));
}

torch::Tensor BatchInputs::images() const {
  const torch::Tensor draws = draws_.defined() ? draws_.narrow(0, 0, count_) : draws_;
  return augmented(data_.train, indices_.narrow(0, 0, count_), data_.normalization, augment_,
                   draws);
}

torch::Tensor BatchInputs::labels() const {
  return data_.train.labels.index_select(0, indices_.narrow(0, 0, count_));
}

}  // namespace nas
