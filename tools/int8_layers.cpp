#include "tools/int8_layers.hpp"

#include <cmath>
#include <numeric>

#include "nas/core/json.hpp"

namespace nas {
namespace {

double variance(const std::vector<float>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double sum = 0;
  for (const float value : values) sum += (value - mean) * (value - mean);
  return sum / count;
}

double mean_squared_change(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
  return sum / static_cast<double>(a.size());
}

/// JSON has no infinity.
Json finite_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

}  // namespace

Json int8_layer_report(const QuantizedNetwork& network, const std::vector<float>& samples,
                       const TensorParts& parts) {
  const TrainedNetwork& trained = network.network;
  ValueErrors errors(network.grids);
  parts.observe_values(
      trained.plan, trained.weights, trained.input, samples,
      [&](size_t node, std::span<const float> values) { errors.add(node, values); });
  const auto scores = [&](const Weights& weights) {
    return parts.network_outputs(trained.plan, weights, trained.input, samples);
  };
  const std::vector<float> whole = scores(trained.weights);
  const double spread = variance(whole);
  Json report = Json::array();
  auto layer = network.layers.begin();
  for (const LayerError& error : errors.layer_errors(network)) {
    const std::vector<float> rounded = scores(with_layer_rounded(network, (layer++)->first));
    report.push_back({{"name", error.name},
                      {"layer", error.layer},
                      {"range", {error.range.low, error.range.high}},
                      {"values_db", finite_or_null(error.values)},
                      {"weights_db", finite_or_null(error.weights)},
                      {"beyond_percent", error.beyond},
                      {"sensitivity", mean_squared_change(whole, rounded) / spread}});
  }
  return report;
}

}  // namespace nas
