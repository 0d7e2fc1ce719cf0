#include "nas/quantize/equalisation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace nas {
namespace {

constexpr int kMostPasses = 50;
/// Factors closer to 1 than this are no change.
constexpr double kNoChange = 1e-3;

size_t at(int64_t index) { return static_cast<size_t>(index); }

bool is_linear_map(const Layer& layer) {
  return std::holds_alternative<Convolution>(layer) || std::holds_alternative<Linear>(layer);
}

/// Whether a channel times a positive number comes out times that number.
bool keeps_factors(const Layer& layer) {
  return std::holds_alternative<Relu>(layer) || std::holds_alternative<MaxPool>(layer) ||
         std::holds_alternative<AveragePool>(layer) ||
         std::holds_alternative<GlobalAveragePool>(layer) ||
         std::holds_alternative<Identity>(layer) || std::holds_alternative<Shift>(layer);
}

/// A layer and the one that alone reads its channels; indices of nodes.
struct Pair {
  size_t first = 0;
  size_t second = 0;
};

std::vector<Pair> pairs_of(const NetworkPlan& plan) {
  const auto readers = count_readers(plan);
  std::vector<Pair> pairs;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (!is_linear_map(plan.nodes[i].layer)) continue;
    auto from = at(plan.nodes[i].inputs.front());
    while (readers[from] == 1 && keeps_factors(plan.nodes[from].layer)) {
      from = at(plan.nodes[from].inputs.front());
    }
    if (readers[from] == 1 && is_linear_map(plan.nodes[from].layer)) pairs.push_back({from, i});
  }
  return pairs;
}

/// Which of a layer's weights read a channel of `channels`: calls `use` with each one's index.
template <class Use>
void for_weights_of(const Layer& layer, const Tensor& weight, int64_t channels, int64_t channel,
                    const Use& use) {
  const auto* convolution = std::get_if<Convolution>(&layer);
  const int64_t groups = convolution == nullptr ? 1 : convolution->groups;
  const int64_t reads = channels / groups;  // channels of a group
  const int64_t outputs = weight.shape[0];
  const auto taps = std::ssize(weight.values) / outputs;
  const int64_t each = taps / reads;  // weights that one output has for a channel
  const int64_t gives = outputs / groups;
  for (int64_t o = channel / reads * gives; o < (channel / reads + 1) * gives; ++o) {
    for (int64_t i = 0; i < each; ++i) use(at(o * taps + channel % reads * each + i));
  }
}

/// The largest change of a channel's size, as a factor's distance from 1.
double even_out(TrainedNetwork& network, const Pair& pair) {
  const Node& first = network.plan.nodes[pair.first];
  const Node& second = network.plan.nodes[pair.second];
  Tensor& gives = network.weights.at(first.name + ".weight");
  Tensor& reads = network.weights.at(second.name + ".weight");
  const auto bias = network.weights.find(first.name + ".bias");
  const int64_t channels = gives.shape[0];
  const size_t taps = gives.values.size() / at(channels);
  double most = 0;
  for (int64_t c = 0; c < channels; ++c) {
    const auto own = gives.values.begin() + static_cast<std::ptrdiff_t>(at(c) * taps);
    const auto end = own + static_cast<std::ptrdiff_t>(taps);
    float given = 0;
    for (auto w = own; w != end; ++w) given = std::max(given, std::fabs(*w));
    float read = 0;
    for_weights_of(second.layer, reads, channels, c,
                   [&](size_t i) { read = std::max(read, std::fabs(reads.values[i])); });
    if (given == 0 || read == 0) continue;
    const double factor = std::sqrt(double{given} / read);
    if (!std::isfinite(factor) || factor == 0) continue;
    for (auto w = own; w != end; ++w) *w = static_cast<float>(*w / factor);
    if (bias != network.weights.end()) {
      float& shift = bias->second.values[at(c)];
      shift = static_cast<float>(shift / factor);
    }
    for_weights_of(second.layer, reads, channels, c, [&](size_t i) {
      reads.values[i] = static_cast<float>(reads.values[i] * factor);
    });
    most = std::max(most, std::fabs(std::log(factor)));
  }
  return most;
}

}  // namespace

void equalize(TrainedNetwork& network) {
  const std::vector<Pair> pairs = pairs_of(network.plan);
  for (int pass = 0; pass < kMostPasses; ++pass) {
    double most = 0;
    for (const Pair& pair : pairs) most = std::max(most, even_out(network, pair));
    if (most < kNoChange) return;
  }
}

}  // namespace nas
