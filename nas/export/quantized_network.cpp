#include "nas/export/quantized_network.hpp"

#include <algorithm>
#include <cmath>

namespace nas {

namespace {

/// Of values that are all 0. Any would do for them; but what a layer adds to them is in multiples
/// of this times its weights' scale, and must not be lost.
constexpr float kScaleOfZeros = 1.0F / (1 << 16);

}  // namespace

Grid grid_of(const Range& range) {
  const double low = std::min(range.low, 0.0F);
  const double high = std::max(range.high, 0.0F);
  if (!(high > low)) return {kScaleOfZeros, 0};
  const auto scale = static_cast<float>((high - low) / 255);
  const double zero = std::clamp(std::nearbyint(-128 - low / scale), -128.0, 127.0);
  return {scale, static_cast<int32_t>(zero)};
}

std::vector<char> cut_by_relu(const QuantizedNetwork& network) {
  const auto& nodes = network.network.plan.nodes;
  const auto readers = count_readers(network.network.plan);
  std::vector<char> cut(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    const auto* activation = std::get_if<Activation>(&nodes[i].layer);
    const bool cuts = std::holds_alternative<Relu>(nodes[i].layer) ||
                      (activation != nullptr && activation->kind == Activation::Kind::relu6);
    if (!cuts) continue;
    const auto input = static_cast<size_t>(nodes[i].inputs.front());
    cut[input] = readers[input] == 1 && network.grids[input] == network.grids[i] ? 1 : 0;
  }
  return cut;
}

}  // namespace nas
