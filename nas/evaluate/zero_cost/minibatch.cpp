#include "nas/evaluate/zero_cost/minibatch.hpp"

#include <algorithm>

#include "nas/core/random.hpp"
#include "nas/data/dataset.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

Minibatch load_minibatch(const DataConfig& config, int64_t size, torch::Device device) {
  const TrainingData data = load_for_search(config, device);
  const int64_t count = data.train.size();
  const uint64_t seed =
      derive_seed(static_cast<uint64_t>(config.split_seed), "zero_cost.minibatch", 0);
  const torch::Tensor indices =
      epoch_order(count, seed, 0, device).narrow(0, 0, std::min(size, count));
  return {normalized(data.train, indices, data.normalization),
          data.train.labels.index_select(0, indices)};
}

}  // namespace nas
