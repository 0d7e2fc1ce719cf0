#pragma once

#include <torch/types.h>

#include "nas/data/mel.hpp"

namespace nas {

/// Logarithmic mel spectrograms, float32 [N, 1, mels, columns], of clips float32 [N, samples], on
/// their device; see LogMel for the formula. Counted in float64, so that the order of sums leaves
/// no trace.
torch::Tensor log_mel(const torch::Tensor& clips, const LogMel& setting);

}  // namespace nas
