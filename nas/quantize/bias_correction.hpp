#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/export/quantized_network.hpp"

namespace nas {

/// Mean over calibration samples of each number of each node's output.
class ValueMeans {
 public:
  /// Shapes of a sample's values by node.
  explicit ValueMeans(const std::vector<Shape>& shapes);
  /// Values of some samples, [samples, C, H, W].
  void add(size_t node, std::span<const float> values);
  /// [C, H, W] of a node, in the units of its values.
  std::vector<double> mean(size_t node) const;

 private:
  std::vector<std::vector<double>> sums_;
  std::vector<int64_t> samples_;
};

/// Takes out of each layer's bias by how much rounding its weights has moved the mean of its
/// outputs: (W - W_rounded) E[x], E[x] by input channel (Nagel et al. 2019, section 4.2, equation
/// 15, with the means that were observed). What zeros at the borders change of it is left out.
void correct_biases(QuantizedNetwork& network, const ValueMeans& means);

}  // namespace nas
