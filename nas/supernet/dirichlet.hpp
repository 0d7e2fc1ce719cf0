#pragma once

#include <torch/types.h>

#include <cstdint>

namespace nas {

/// One draw a row of Dirichlet distributions with `concentration` [rows, options] (positive), same
/// shape; differentiable by the concentration through the path of the draw (Figurnov et al. 2018).
/// Drawn on the CPU from `seed` alone.
torch::Tensor sample_dirichlet(const torch::Tensor& concentration, uint64_t seed);

/// Kullback-Leibler divergence of each row from the uniform Dirichlet, summed over rows: [].
torch::Tensor divergence_from_uniform(const torch::Tensor& concentration);

}  // namespace nas
