#include "nas/train/together_setting.hpp"

#include "nas/core/error.hpp"
#include "nas/torch/format.hpp"
#include "nas/torch/layers.hpp"
#include "nas/torch/process_group.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

BatchPart part_of(const torch::Tensor& indices, int64_t batch_size,
                  const std::optional<TogetherSetting>& together) {
  if (!together) return {indices, 0, batch_size};
  const ProcessGroup& group = *together->group;
  const int64_t first = batch_size * group.rank() / group.count();
  return {indices, first, batch_size * (group.rank() + 1) / group.count() - first};
}

SharedBatch shared_batch(int64_t batch_size, const std::optional<TogetherSetting>& together) {
  if (!together) return {};
  const bool whole = together->statistics == NormStatistics::batch;
  return {part_of({}, batch_size, together).first, batch_size, whole ? together->group : nullptr};
}

void check_parts(int64_t batch_size, const std::optional<TogetherSetting>& together) {
  if (!together || batch_size >= together->group->count()) return;
  throw InputError(
      fmt::format("batch_size: found {} examples, expected one at least for each of "
                  "{} processes",
                  batch_size, together->group->count()));
}

}  // namespace nas
