#pragma once

#include <cstdint>

#include "nas/plan/progressive.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// From a supernet with the options `before` of a plan to one with the options `after`, each of
/// which is among those before, through which as many channels go or more.
struct Widening {
  const SupernetPlan& plan;  // with all options
  const KeptOptions& before;
  const KeptOptions& after;
  uint64_t seed = 0;
};

/// Tensors of the names and shapes of `like`, weights and statistics of the wider supernet's
/// network, filled from `before`, those of the narrower one. In every dimension that is larger,
/// copies of random slices follow the old ones; tensors of one option copy the same ones (the
/// progressive learning of Chen et al. 2021; as in the published code nothing is divided).
/// Throws InputError naming a tensor that `before` lacks.
NamedTensors widened_weights(const Widening& widening, const NamedTensors& before,
                             const NamedTensors& like);

/// Of `columns` [rows, options before] of group `group`, those of the options after; another
/// tensor, like the weights [rows] of edges, as it is.
torch::Tensor kept_columns(const Widening& widening, size_t group, const torch::Tensor& columns);

}  // namespace nas
