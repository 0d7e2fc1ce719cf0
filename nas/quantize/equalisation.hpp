#pragma once

#include "nas/export/trained_network.hpp"

namespace nas {

/// Evens out how large a convolution's or linear layer's channels are and how large the weights are
/// that the next such layer reads them with: both get the mean (geometric) of the two, channel by
/// channel, pair after pair until nothing changes (Nagel et al. 2019, section 4.1). Pairs are
/// layers with nothing between them but ReLU, pooling and what only moves numbers, all without
/// another reader: so outputs stay what they were but for rounding. Batch norms have to be folded.
void equalize(TrainedNetwork& network);

}  // namespace nas
