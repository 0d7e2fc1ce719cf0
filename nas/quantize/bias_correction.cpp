#include "nas/quantize/bias_correction.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Means of `count` equal parts.
std::vector<double> means_of_parts(const std::vector<double>& values, size_t count) {
  const size_t length = values.size() / count;
  std::vector<double> means;
  for (size_t part = 0; part < count; ++part) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(part * length);
    means.push_back(std::accumulate(first, first + static_cast<std::ptrdiff_t>(length), 0.0) /
                    static_cast<double>(length));
  }
  return means;
}

/// What one number more or less of `weights` is, on the mean, multiplied with: the input's number
/// of output channel `channel` and weight `tap` of that channel.
class MeanInputs {
 public:
  MeanInputs(const Layer& layer, const std::vector<double>& mean, size_t outputs, size_t taps) {
    const auto* convolution = std::get_if<Convolution>(&layer);
    const size_t groups = convolution == nullptr ? 1 : at(convolution->groups);
    inputs_ = convolution == nullptr ? taps : at(convolution->in_channels) / groups;
    means_ = means_of_parts(mean, inputs_ * groups);
    taps_per_input_ = taps / inputs_;
    outputs_per_group_ = outputs / groups;
  }

  double operator()(size_t channel, size_t tap) const {
    return means_[channel / outputs_per_group_ * inputs_ + tap / taps_per_input_];
  }

 private:
  std::vector<double> means_;
  size_t inputs_ = 1;  // of a group
  size_t taps_per_input_ = 1;
  size_t outputs_per_group_ = 1;
};

}  // namespace

ValueMeans::ValueMeans(const std::vector<Shape>& shapes) : samples_(shapes.size()) {
  for (const Shape& shape : shapes) {
    sums_.emplace_back(at(shape.channels * shape.height * shape.width));
  }
}

void ValueMeans::add(size_t node, std::span<const float> values) {
  std::vector<double>& sums = sums_[node];
  for (size_t i = 0; i < values.size(); ++i) sums[i % sums.size()] += double{values[i]};
  samples_[node] += static_cast<int64_t>(values.size() / sums.size());
}

std::vector<double> ValueMeans::mean(size_t node) const {
  std::vector<double> means = sums_[node];
  for (double& mean : means) mean /= static_cast<double>(std::max<int64_t>(samples_[node], 1));
  return means;
}

void correct_biases(QuantizedNetwork& network, const ValueMeans& means) {
  const TrainedNetwork& trained = network.network;
  for (auto& [index, layer] : network.layers) {
    const Node& node = trained.plan.nodes[index];
    if (std::holds_alternative<BatchNorm>(node.layer)) continue;  // one weight a channel is exact
    const std::vector<float>& weights = trained.weight(node, "weight").values;
    const size_t outputs = layer.scales.size();
    const size_t taps = weights.size() / outputs;
    const auto input = at(node.inputs.front());
    const MeanInputs mean_input(node.layer, means.mean(input), outputs, taps);
    for (size_t channel = 0; channel < outputs; ++channel) {
      const auto scale = double{layer.scales[channel]};
      double moved = 0;
      for (size_t tap = 0; tap < taps; ++tap) {
        const size_t i = channel * taps + tap;
        moved += (double{weights[i]} - scale * layer.values[i]) * mean_input(channel, tap);
      }
      layer.bias[channel] +=
          static_cast<int32_t>(std::llround(moved / (scale * double{network.grids[input].scale})));
    }
  }
}

}  // namespace nas
