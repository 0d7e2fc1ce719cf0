#pragma once

#include <cstdint>
#include <vector>

#include "nas/data/augment_cuda.hpp"
#include "nas/data/dataset.hpp"

namespace nas {

/// One draw an example, from `seed` alone. `shape` is the pictures'.
std::vector<AugmentDraw> draw_augmentation(int64_t batch, const Shape& shape,
                                           const AugmentConfig& config, uint64_t seed);

/// int32 [B, 5] on the CPU, columns as the fields of AugmentDraw.
torch::Tensor draw_tensor(const std::vector<AugmentDraw>& draws);

/// `augmented` by plain tensor operations on any device; the CUDA kernel is held to this. `draws`
/// are a draw_tensor() there.
torch::Tensor augmented_by_tensors(const Examples& examples, const torch::Tensor& indices,
                                   const Normalization& normalization, const AugmentConfig& config,
                                   const torch::Tensor& draws);

/// Whether this program holds the CUDA kernel.
bool has_augment_kernel();

}  // namespace nas
