#include "controllers/gp_parameters.hpp"

#include <cmath>

namespace nas {
namespace {

/// The least noise, as a share of the values' variance, that keeps matrices positive definite.
const double kLeastLogNoise = std::log(1e-8);

/// Weights of one choice alone: squared distances add up, so with d choices each is a d-th of it.
/// Of numbers it is the most likely one where lengths are lognormal with location sqrt(2) and scale
/// sqrt(3) (Hvarfner et al. 2024): the maximum of the density of lengths, not of their logarithms,
/// which would be twenty times as long. Of options, all of which are at distance 1, it is 1.
const double kLogNumberWeight = 2 * (3 - std::sqrt(2.0));
constexpr double kLogOptionWeight = 0;
constexpr double kWeightDeviation = 2;

}  // namespace

GpPriors::GpPriors(const GpEmbedding& embedding, const GpFreedom& freedom) {
  const GpLayout layout{embedding.choices()};
  box_.low.resize(layout.size());
  box_.high.resize(layout.size());
  start_.resize(layout.size());
  mean_.resize(layout.size());
  deviation_.resize(layout.size(), 1);
  const double dimension = static_cast<double>(embedding.choices());
  for (size_t i = 0; i < layout.choices; ++i) {
    const double likely =
        (embedding.is_unordered(i) ? kLogOptionWeight : kLogNumberWeight) - std::log(dimension);
    put(layout.log_weights() + i, {-14, 12, likely, kWeightDeviation}, std::log(4 / dimension));
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
