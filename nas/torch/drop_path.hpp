#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/torch/layers.hpp"

namespace nas {

/// Whether DropPath layers drop anything in this pass.
inline bool drops_paths(const Pass& pass) { return pass.training && pass.drop_path > 0; }

/// What DropPath multiplies each of `samples` with [samples]: zeros, and otherwise what keeps the
/// mean. Drawn for the whole batch, so that the number of processes changes nothing.
torch::Tensor path_mask(int64_t samples, const torch::TensorOptions& options, const Pass& pass);

}  // namespace nas
