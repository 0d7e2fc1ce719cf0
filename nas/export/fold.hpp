#pragma once

#include <vector>

#include "nas/export/trained_network.hpp"

namespace nas {

/// Added to the variance by batch and layer norms, as in training.
constexpr double kNormEpsilon = 1e-5;

/// What a batch norm does to a value of channel c at inference: scale[c] * value + shift[c].
struct ChannelScale {
  std::vector<double> scale;
  std::vector<double> shift;
};
ChannelScale channel_scale(const TrainedNetwork& network, const Node& batch_norm);

/// The same function with fewer layers: a batch norm goes into the convolution or linear layer that
/// it alone reads, or into those that it reads through a concatenation (exact up to rounding; sums
/// are taken in double precision). Those get a bias. A batch norm that follows anything else stays.
TrainedNetwork with_folded_batch_norms(TrainedNetwork network);

}  // namespace nas
