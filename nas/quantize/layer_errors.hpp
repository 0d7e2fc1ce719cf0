#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nas/export/quantized_network.hpp"

namespace nas {

/// How much of values and weights their grids lose.
struct LayerError {
  std::string name;
  std::string layer;  // its kind and settings
  Range range;        // that the output's grid covers
  /// Signal to noise in dB: 10 log10(sum x^2 / sum (x - rounded x)^2), infinite where nothing is
  /// lost. Of the output's values, and of the weights.
  double values = 0;
  double weights = 0;
  /// Share of the values that lie beyond the range, percent.
  double beyond = 0;
};

/// Sums of squares of values and of what rounding them to their grids changes, by node.
class ValueErrors {
 public:
  explicit ValueErrors(std::vector<Grid> grids);
  void add(size_t node, std::span<const float> values);

  /// Of the layers that have weights.
  std::vector<LayerError> layer_errors(const QuantizedNetwork& network) const;

 private:
  struct Sums {
    double signal = 0;
    double noise = 0;
    int64_t beyond = 0;
    int64_t count = 0;
  };
  std::vector<Grid> grids_;
  std::vector<Sums> sums_;
};

/// The weights of one layer as they are on their grids, the others as they were.
Weights with_layer_rounded(const QuantizedNetwork& network, size_t node);

}  // namespace nas
