#include "controllers/gp_parameters.hpp"

#include <cmath>

namespace nas {
namespace {

/// The least noise, as a share of the values' variance, that keeps matrices positive definite.
const double kLeastLogNoise = std::log(1e-8);

}  // namespace

GpPriors::GpPriors(const GpEmbedding& embedding, const GpFreedom& freedom) {
  const GpLayout layout{embedding.choices()};
  box_.low.resize(layout.size());
  box_.high.resize(layout.size());
  start_.resize(layout.size());
  mean_.resize(layout.size());
  deviation_.resize(layout.size(), 1);
  const double dimension = static_cast<double>(embedding.choices());
  // A length l is lognormal with location sqrt(2) + log(d)/2 and scale sqrt(3); w = 1 / l².
  const double location = -2 * std::sqrt(2.0) - std::log(dimension);
  for (size_t i = 0; i < layout.choices; ++i) {
    put(layout.log_weights() + i, {-14, 12, location, 2 * std::sqrt(3.0)}, std::log(4 / dimension));
    const bool warped = freedom.input_warp && embedding.can_warp(i);
    for (const size_t place : {layout.log_a() + i, layout.log_b() + i}) {
      warped ? put(place, {-1.5, 1.5, 0, 0.3}, 0) : fix(place, 0);
    }
  }
  put(layout.log_scale(), {-5, 5, 0, 1}, 0);
  freedom.noise ? put(layout.log_noise(), {kLeastLogNoise, 0, -6, 3}, -6)
                : fix(layout.log_noise(), kLeastLogNoise);
  freedom.output_warp ? put(layout.power(), {-0.5, 2, 1, 0.5}, 1) : fix(layout.power(), 1);
  freedom.output_warp ? put(layout.log_offset(), {-5, 3, -1, 1}, -1) : fix(layout.log_offset(), 0);
}

void GpPriors::put(size_t place, const Range& range, double start) {
  box_.low[place] = range.low;
  box_.high[place] = range.high;
  mean_[place] = range.mean;
  deviation_[place] = range.deviation;
  start_[place] = start;
}

void GpPriors::fix(size_t place, double value) { put(place, {value, value, value, 1}, value); }

double GpPriors::penalty(std::span<const double> parameters, std::span<double> gradient) const {
  double total = 0;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const double z = (parameters[i] - mean_[i]) / deviation_[i];
    total += z * z / 2;
    gradient[i] += z / deviation_[i];
  }
  return total;
}

}  // namespace nas
