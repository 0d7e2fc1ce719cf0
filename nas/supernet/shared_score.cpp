#include "nas/supernet/shared_score.hpp"

#include <algorithm>

#include "nas/core/random.hpp"
#include "nas/supernet/batch_norm.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/precision.hpp"
#include "nas/train/score.hpp"

namespace nas {
namespace {

/// As many of the batches as there are examples for.
std::vector<torch::Tensor> drawn_batches(const SharedScoreSetting& setting,
                                         const TrainingData& data) {
  const int64_t count = data.train.size();
  const int64_t size = std::min(setting.config.batch_size, count);
  const int64_t batches = std::min(setting.recalibration_batches, count / size);
  const torch::Tensor order = epoch_order(
      count, derive_seed(setting.seed, "shared.recalibration", 0), 0, data.train.labels.device());
  std::vector<torch::Tensor> list;
  for (int64_t i = 0; i < batches; ++i) {
    list.push_back(normalized(data.train, order.narrow(0, i * size, size), data.normalization));
  }
  return list;
}

}  // namespace

SharedScore::SharedScore(const SharedScoreSetting& setting, const Space& space,
                         const TrainingData& data)
    : setting_(setting), space_(space), data_(data), batches_(drawn_batches(setting, data)) {}

Metrics SharedScore::operator()(const SharedNetwork& network, const Point& point) const {
  const auto part = network.extract(*space_.subnetwork(point));
  {
    const AutocastScope autocast(setting_.config.precision, data_.train.labels.device());
    recalibrate_batch_norms(*part, batches_);
  }
  return score(*part, data_.validation, data_.normalization, setting_.config, "validation");
}

}  // namespace nas
