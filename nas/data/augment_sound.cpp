#include "nas/data/augment_sound.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int64_t kDrawNumbers = 5;
static_assert(sizeof(SoundDraw) == kDrawNumbers * sizeof(int64_t));

/// `values` [B, 1, M, T] moved to the right by `shift` [B, 1].
torch::Tensor shifted(const torch::Tensor& values, const torch::Tensor& shift) {
  const int64_t columns = values.size(3);
  const torch::Tensor from = torch::arange(columns, shift.options()).unsqueeze(0) - shift;
  const torch::Tensor inside = from.ge(0).logical_and_(from.lt(columns)).unsqueeze(1).unsqueeze(1);
  const torch::Tensor place = from.clamp(0, columns - 1).unsqueeze(1).unsqueeze(1);
  return torch::where(inside, values.gather(3, place.expand_as(values)), std::log(LogMel::kFloor));
}

/// [B, size]: true from `first` on for `count`, both [B, 1].
torch::Tensor between(int64_t size, const torch::Tensor& first, const torch::Tensor& count) {
  const torch::Tensor place = torch::arange(size, first.options()).unsqueeze(0);
  return place.ge(first).logical_and_(place.lt(first + count));
}

}  // namespace

std::vector<SoundDraw> draw_sound_augmentation(int64_t batch, const Shape& shape,
                                               const AugmentConfig& config, uint64_t seed) {
  RandomStream stream(seed, "data.augment");
  std::vector<SoundDraw> draws(static_cast<size_t>(batch));
  for (SoundDraw& draw : draws) {
    draw.shift = stream.below(2 * config.time_shift + 1) - config.time_shift;
    draw.columns = stream.below(std::min(config.time_mask, shape.width) + 1);
    draw.first_column = stream.below(shape.width - draw.columns + 1);
    draw.bands = stream.below(std::min(config.frequency_mask, shape.height) + 1);
    draw.first_band = stream.below(shape.height - draw.bands + 1);
  }
  return draws;
}

torch::Tensor draw_tensor(const std::vector<SoundDraw>& draws) {
  torch::Tensor host =
      torch::empty({static_cast<int64_t>(draws.size()), kDrawNumbers}, torch::kInt64);
  std::memcpy(host.data_ptr<int64_t>(), draws.data(), draws.size() * sizeof(SoundDraw));
  return host;
}

torch::Tensor augmented_sounds(const Examples& examples, const torch::Tensor& indices,
                               const Normalization& normalization, const torch::Tensor& moves) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor values =
      shifted(examples.images.index_select(0, indices), moves.narrow(1, 0, 1))
          .sub_(normalization.mean)
          .div_(normalization.deviation);
  const torch::Tensor columns =
      between(values.size(3), moves.narrow(1, 1, 1), moves.narrow(1, 2, 1)).unsqueeze(1);
  const torch::Tensor bands =
      between(values.size(2), moves.narrow(1, 3, 1), moves.narrow(1, 4, 1)).unsqueeze(2);
  return values.masked_fill_(columns.logical_or(bands).unsqueeze(1), 0)
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace nas
