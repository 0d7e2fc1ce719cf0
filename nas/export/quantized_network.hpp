#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "nas/export/trained_network.hpp"
#include "nas/plan/compression.hpp"

namespace nas {

/// The numbers scale * (q - zero) that int8 numbers q stand for.
struct Grid {
  float scale = 1;
  int32_t zero = 0;
  bool operator==(const Grid&) const = default;
};

/// The part of a node's values that its grid covers.
struct Range {
  float low = 0;
  float high = 0;
  bool operator==(const Range&) const = default;
};

/// The grid of int8 numbers that covers a range and has a number for 0.
Grid grid_of(const Range& range);

/// What a layer that multiplies has learnt, on a grid of its own for each output channel.
struct QuantizedWeights {
  /// In the order of the float weights, with zero at 0; -127 to 127, or -7 to 7 of 4 bits.
  std::vector<int8_t> values;
  /// By output channel.
  std::vector<float> scales;
  /// On the grid of products: multiples of the input's scale times the channel's.
  std::vector<int32_t> bias;
  int64_t bits = kUsualBits;
};

/// A network for integer arithmetic (Jacob et al. 2018): what every int8 export is written from.
struct QuantizedNetwork {
  /// Batch norms are folded; its float weights are those before quantization.
  TrainedNetwork network;
  /// Of each node's output.
  std::vector<Grid> grids;
  /// By node: convolutions, linear layers, and the batch norms that could not be folded.
  std::map<size_t, QuantizedWeights> layers;
};

/// By node: whether its value goes into a ReLU (or relu6) alone, on whose grid it lies: what is cut
/// off there is cut off by the grid's end.
std::vector<char> cut_by_relu(const QuantizedNetwork& network);

}  // namespace nas
