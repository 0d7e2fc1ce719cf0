#include "nas/quantize/layer_errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nas/plan/layer_text.hpp"
#include "nas/quantize/quantize.hpp"

namespace nas {
namespace {

constexpr float kLeast = -128;
constexpr float kMost = 127;

double decibels(double signal, double noise) {
  if (noise == 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

std::vector<float> rounded_weights(const QuantizedWeights& layer) {
  std::vector<float> rounded;
  const size_t taps = layer.values.size() / layer.scales.size();
  for (size_t i = 0; i < layer.values.size(); ++i) {
    rounded.push_back(layer.scales[i / taps] * static_cast<float>(layer.values[i]));
  }
  return rounded;
}

double weight_decibels(const std::vector<float>& weights, const QuantizedWeights& layer) {
  const std::vector<float> rounded = rounded_weights(layer);
  double signal = 0;
  double noise = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    signal += double{weights[i]} * weights[i];
    noise += (double{weights[i]} - rounded[i]) * (double{weights[i]} - rounded[i]);
  }
  return decibels(signal, noise);
}

}  // namespace

ValueErrors::ValueErrors(std::vector<Grid> grids)
    : grids_(std::move(grids)), sums_(grids_.size()) {}

void ValueErrors::add(size_t node, std::span<const float> values) {
  const Grid& grid = grids_[node];
  const auto zero = static_cast<float>(grid.zero);
  Sums& sums = sums_[node];
  for (const float x : values) {
    const float place = std::nearbyint(x / grid.scale) + zero;
    const float rounded = grid.scale * (std::clamp(place, kLeast, kMost) - zero);
    sums.signal += double{x} * x;
    sums.noise += (double{x} - rounded) * (double{x} - rounded);
    sums.beyond += place < kLeast || place > kMost ? 1 : 0;
  }
  sums.count += static_cast<int64_t>(values.size());
}

std::vector<LayerError> ValueErrors::layer_errors(const QuantizedNetwork& network) const {
  const TrainedNetwork& trained = network.network;
  const std::vector<size_t> owners = grid_owners(trained.plan);
  std::vector<LayerError> errors;
  for (const auto& [index, layer] : network.layers) {
    const Node& node = trained.plan.nodes[index];
    const Grid& grid = grids_[index];
    // What a ReLU cuts off is no loss: its output is what counts.
    const Sums& sums = sums_[owners[index]];
    const auto zero = static_cast<float>(grid.zero);
    const bool learnt = !std::holds_alternative<BatchNorm>(node.layer);
    errors.push_back({node.name,
                      to_text(node.layer),
                      {grid.scale * (kLeast - zero), grid.scale * (kMost - zero)},
                      decibels(sums.signal, sums.noise),
                      learnt ? weight_decibels(trained.weight(node, "weight").values, layer)
                             : std::numeric_limits<double>::infinity(),
                      100 * static_cast<double>(sums.beyond) /
                          static_cast<double>(std::max<int64_t>(sums.count, 1))});
  }
  return errors;
}

Weights with_layer_rounded(const QuantizedNetwork& network, size_t node) {
  Weights weights = network.network.weights;
  const Node& rounded = network.network.plan.nodes[node];
  if (std::holds_alternative<BatchNorm>(rounded.layer)) return weights;
  weights.at(rounded.name + ".weight").values = rounded_weights(network.layers.at(node));
  return weights;
}

}  // namespace nas
