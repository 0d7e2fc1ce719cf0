#pragma once

#include <cstdint>
#include <vector>

#include "nas/data/dataset.hpp"

namespace nas {

/// What happens to one spectrogram: columns move to the right by `shift`, silence moving in; then
/// `columns` and `bands` of it, from these on, are set to the mean.
struct SoundDraw {
  int64_t shift = 0;
  int64_t first_column = 0;
  int64_t columns = 0;
  int64_t first_band = 0;
  int64_t bands = 0;
};

/// One draw an example, from `seed` alone. `shape` is 1 x mels x columns.
std::vector<SoundDraw> draw_sound_augmentation(int64_t batch, const Shape& shape,
                                               const AugmentConfig& config, uint64_t seed);

/// int64 [B, 5] on the CPU, columns as the fields of SoundDraw.
torch::Tensor draw_tensor(const std::vector<SoundDraw>& draws);

/// Spectrograms `indices` after `draws`, normalised; on any device, on which `draws`, a
/// draw_tensor(), is too.
torch::Tensor augmented_sounds(const Examples& examples, const torch::Tensor& indices,
                               const Normalization& normalization, const torch::Tensor& draws);

}  // namespace nas
