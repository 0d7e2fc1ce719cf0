#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/data/data_config.hpp"

namespace nas {

struct Minibatch {
  torch::Tensor images;  // [N, C, H, W], scaled and normalised
  torch::Tensor labels;  // int64 [N]
};

/// `size` examples of the training split (all where it has fewer), without augmentation, chosen by
/// the split's seed alone: every candidate of every experiment on these data sees the same ones.
Minibatch load_minibatch(const DataConfig& config, int64_t size, torch::Device device);

}  // namespace nas
