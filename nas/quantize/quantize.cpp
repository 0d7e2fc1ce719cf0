#include "nas/quantize/quantize.hpp"

#include <algorithm>
#include <cmath>

#include "nas/export/fold.hpp"

namespace nas {
namespace {

/// Sums have to stay below 2^31; a bias may take half of that.
constexpr double kLargestBias = 1 << 30;

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Whether every number of the output is one of the input, or a mean of some.
bool keeps_grid(const Layer& layer) {
  return std::holds_alternative<MaxPool>(layer) || std::holds_alternative<AveragePool>(layer) ||
         std::holds_alternative<Identity>(layer) || std::holds_alternative<DropPath>(layer) ||
         std::holds_alternative<Dropout>(layer) || std::holds_alternative<Shift>(layer);
}

bool is_cut(const Layer& layer) {
  const auto* activation = std::get_if<Activation>(&layer);
  return std::holds_alternative<Relu>(layer) ||
         (activation != nullptr && activation->kind == Activation::Kind::relu6);
}

/// What a layer has learnt.
struct Learnt {
  std::vector<double> weights;  // [channels][anything]
  std::vector<double> bias;     // by channel, or empty
  size_t channels = 0;
  int64_t bits = kUsualBits;
};

QuantizedWeights quantized_weights(const Learnt& learnt, const Grid& input) {
  const auto& [weights, bias, channels, bits] = learnt;
  QuantizedWeights result;
  result.bits = bits;
  const auto most = static_cast<double>(largest_of_bits(bits));
  const size_t taps = weights.size() / channels;
  for (size_t c = 0; c < channels; ++c) {
    const auto first = weights.begin() + static_cast<std::ptrdiff_t>(c * taps);
    double largest = 0;
    for (auto w = first; w != first + static_cast<std::ptrdiff_t>(taps); ++w) {
      largest = std::max(largest, std::fabs(*w));
    }
    const double offset = bias.empty() ? 0 : bias[c];
    double scale = largest / most;
    scale = std::max(scale, std::fabs(offset) / (kLargestBias * double{input.scale}));
    if (scale == 0) scale = 1;
    const auto kept = static_cast<float>(scale);
    for (auto w = first; w != first + static_cast<std::ptrdiff_t>(taps); ++w) {
      const double steps = std::nearbyint(*w / kept);
      result.values.push_back(static_cast<int8_t>(std::clamp(steps, -most, most)));
    }
    result.scales.push_back(kept);
    result.bias.push_back(
        static_cast<int32_t>(std::llround(offset / (double{kept} * input.scale))));
  }
  return result;
}

std::vector<double> doubles(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

std::vector<size_t> grid_owners(const NetworkPlan& plan) {
  std::vector<size_t> owners;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const Node& node = plan.nodes[i];
    owners.push_back(keeps_grid(node.layer) ? owners[at(node.inputs.front())] : i);
  }
  const auto readers = count_readers(plan);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (!is_cut(plan.nodes[i].layer)) continue;
    const size_t input = at(plan.nodes[i].inputs.front());
    if (input != 0 && readers[input] == 1 && owners[input] == input) owners[input] = i;
  }
  return owners;
}

std::vector<Grid> value_grids(const NetworkPlan& plan, const std::vector<Range>& ranges) {
  std::vector<Grid> grids;
  for (const size_t owner : grid_owners(plan)) grids.push_back(grid_of(ranges[owner]));
  return grids;
}

QuantizedNetwork quantized(TrainedNetwork network, std::vector<Grid> grids,
                           const WeightBits& bits) {
  QuantizedNetwork result;
  result.grids = std::move(grids);
  for (size_t i = 0; i < network.plan.nodes.size(); ++i) {
    const Node& node = network.plan.nodes[i];
    if (node.inputs.empty()) continue;
    const Grid& input = result.grids[at(node.inputs.front())];
    const auto learnt = [&](bool bias) {
      const Tensor& weight = network.weight(node, "weight");
      return quantized_weights(
          {doubles(weight.values),
           bias ? doubles(network.weight(node, "bias").values) : std::vector<double>{},
           at(weight.shape[0]), bits_of(bits, node.name)},
          input);
    };
    if (const auto* convolution = std::get_if<Convolution>(&node.layer)) {
      result.layers[i] = learnt(convolution->bias);
    } else if (const auto* linear = std::get_if<Linear>(&node.layer)) {
      result.layers[i] = learnt(linear->bias);
    } else if (std::holds_alternative<BatchNorm>(node.layer)) {
      const ChannelScale change = channel_scale(network, node);
      result.layers[i] =
          quantized_weights({change.scale, change.shift, change.scale.size()}, input);
    }
  }
  result.network = std::move(network);
  return result;
}

}  // namespace nas
