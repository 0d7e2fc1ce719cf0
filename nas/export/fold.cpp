#include "nas/export/fold.hpp"

#include <cmath>
#include <numeric>
#include <variant>

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Whether the node is of a layer that a channel scale can go into.
bool is_linear_map(const Node& node) {
  return std::holds_alternative<Convolution>(node.layer) ||
         std::holds_alternative<Linear>(node.layer);
}

int64_t channels_of(const Node& node) {
  if (const auto* convolution = std::get_if<Convolution>(&node.layer)) {
    return convolution->out_channels;
  }
  return std::get<Linear>(node.layer).out_features;
}

/// The nodes that a batch norm of `input` can go into, in the order of its channels; empty where it
/// cannot.
std::vector<int64_t> targets(const NetworkPlan& plan, const std::vector<int64_t>& readers,
                             int64_t input) {
  if (readers[at(input)] != 1) return {};
  const Node& source = plan.nodes[at(input)];
  if (is_linear_map(source)) return {input};
  if (!std::holds_alternative<Concatenate>(source.layer)) return {};
  for (const int64_t part : source.inputs) {
    if (readers[at(part)] != 1 || !is_linear_map(plan.nodes[at(part)])) return {};
  }
  return source.inputs;
}

/// Applies channels first, first + 1, ... of `change` to what the node gives.
void scale_outputs(TrainedNetwork& network, Node& node, const ChannelScale& change, int64_t first) {
  const int64_t channels = channels_of(node);
  Tensor& weight = network.weights.at(node.name + ".weight");
  Tensor& bias = network.weights[node.name + ".bias"];
  if (bias.values.empty()) bias = {{channels}, std::vector<float>(at(channels), 0.0F)};
  const size_t taps = weight.values.size() / at(channels);
  for (size_t c = 0; c < at(channels); ++c) {
    const double scale = change.scale[at(first) + c];
    for (size_t i = c * taps; i < (c + 1) * taps; ++i) {
      weight.values[i] = static_cast<float>(weight.values[i] * scale);
    }
    bias.values[c] = static_cast<float>(bias.values[c] * scale + change.shift[at(first) + c]);
  }
  if (auto* convolution = std::get_if<Convolution>(&node.layer)) convolution->bias = true;
  if (auto* linear = std::get_if<Linear>(&node.layer)) linear->bias = true;
}

void forget_weights(TrainedNetwork& network, const Node& node) {
  for (const auto& [part, shape] : weight_shapes(node.layer)) {
    network.weights.erase(node.name + "." + part);
  }
}

}  // namespace

ChannelScale channel_scale(const TrainedNetwork& network, const Node& batch_norm) {
  const auto& layer = std::get<BatchNorm>(batch_norm.layer);
  const auto& mean = network.weight(batch_norm, "running_mean").values;
  const auto& variance = network.weight(batch_norm, "running_var").values;
  ChannelScale result;
  for (size_t c = 0; c < at(layer.channels); ++c) {
    double scale = 1 / std::sqrt(static_cast<double>(variance[c]) + kNormEpsilon);
    double shift = 0;
    if (layer.affine) {
      scale *= network.weight(batch_norm, "weight").values[c];
      shift = network.weight(batch_norm, "bias").values[c];
    }
    result.scale.push_back(scale);
    result.shift.push_back(shift - scale * mean[c]);
  }
  return result;
}

TrainedNetwork with_folded_batch_norms(TrainedNetwork network) {
  const auto readers = count_readers(network.plan);
  std::vector<int64_t> replacement(network.plan.nodes.size());
  std::iota(replacement.begin(), replacement.end(), 0);
  for (size_t i = 0; i < network.plan.nodes.size(); ++i) {
    const Node& node = network.plan.nodes[i];
    if (!std::holds_alternative<BatchNorm>(node.layer)) continue;
    const auto into = targets(network.plan, readers, node.inputs.front());
    if (into.empty()) continue;
    const ChannelScale change = channel_scale(network, node);
    int64_t first = 0;
    for (const int64_t target : into) {
      Node& map = network.plan.nodes[at(target)];
      scale_outputs(network, map, change, first);
      first += channels_of(map);
    }
    forget_weights(network, node);
    replacement[i] = node.inputs.front();
  }
  network.plan = without_replaced(network.plan, replacement);
  return network;
}

}  // namespace nas
