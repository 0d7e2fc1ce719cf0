#pragma once

#include <array>
#include <cstdint>
#include <variant>
#include <vector>

#include "nas/export/memory.hpp"
#include "nas/export/quantized_network.hpp"

namespace nas {

/// Factors of sums as whole numbers: x * mantissa / 2^31 * 2^shift, rounded to the nearest, as
/// CMSIS-NN (single rounding) and TensorFlow Lite Micro take them. One, or one an output channel.
struct Scaling {
  std::vector<int32_t> mantissas;
  std::vector<int8_t> shifts;
};

/// `factors` not negative and less than 2^30.
Scaling scaling_of(const std::vector<double>& factors);

/// Weights of a layer as C has them: where they have 4 bits, two to a byte, the first in the lower
/// half.
struct PackedWeights {
  std::vector<int8_t> bytes;
  int64_t bits = kUsualBits;
};

/// Weights [out][height][width][in of a group]; of a depthwise one [height][width][channels].
struct IntegerConvolution {
  Convolution layer;
  PackedWeights weight;
  std::vector<int32_t> bias;
  Scaling scaling;
  int32_t zero_in = 0;
  int32_t zero_out = 0;
};
/// Weights [out][in], the input [height][width][channels].
struct IntegerLinear {
  PackedWeights weight;
  std::vector<int32_t> bias;
  Scaling scaling;
  int32_t zero_in = 0;
  int32_t zero_out = 0;
};
/// The last linear layer: sums times `scales` are the network's outputs.
struct IntegerScores {
  PackedWeights weight;
  std::vector<int32_t> bias;
  std::vector<float> scales;
  int32_t zero_in = 0;
};
/// The result for each q, at q + 128.
struct IntegerTable {
  std::array<int8_t, 256> results{};
  bool keeps_all() const;
};
/// zero + sum((q - zeros) * factors) / 2^shift, rounded.
struct IntegerSum {
  std::vector<int32_t> zeros;
  std::vector<int32_t> factors;
  int32_t shift = 0;
  int32_t zero = 0;
};
struct IntegerMaxPool {
  MaxPool layer;
};
/// Input and output lie on one grid.
struct IntegerAveragePool {
  AveragePool layer;
  int32_t zero = 0;
};
struct IntegerGlobalAveragePool {
  Scaling scaling;
  int32_t zero_in = 0;
  int32_t zero_out = 0;
};
/// By input: from its grid to that of the output.
struct IntegerConcatenation {
  std::vector<IntegerTable> tables;
};
struct IntegerProduct {
  Scaling scaling;
  std::array<int32_t, 2> zeros{};
  int32_t zero_out = 0;
  bool scales_channels = false;
};
struct IntegerFill {
  int32_t value = 0;
};
struct IntegerShift {};

/// What a node of the plan does; the Input nothing.
using IntegerLayer =
    std::variant<std::monostate, IntegerConvolution, IntegerLinear, IntegerScores, IntegerTable,
                 IntegerSum, IntegerMaxPool, IntegerAveragePool, IntegerGlobalAveragePool,
                 IntegerConcatenation, IntegerProduct, IntegerFill, IntegerShift>;

/// A network in integers alone, up to its outputs: what the C export writes and what runs here.
struct IntegerNetwork {
  NetworkPlan plan;
  Shape input;
  std::vector<Shape> shapes;  // by node
  Grid input_grid;
  /// Of the output node, where that is no IntegerScores.
  Grid output_grid;
  std::vector<IntegerLayer> layers;  // by node
  /// In bytes; also of the input, which lies behind `memory`.
  MemoryPlan memory;
};

/// Throws UsageError naming a layer that has no integer form: attention and layer norms.
IntegerNetwork integer_network(const QuantizedNetwork& network);

}  // namespace nas
