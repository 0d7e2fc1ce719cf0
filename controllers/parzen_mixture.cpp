#include "controllers/parzen_mixture.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace nas {
namespace {

/// Draws before a number that always falls beyond the end of its axis is put there.
constexpr int kDraws = 32;
/// Intervals of the table of how much of a kernel the ends of the axis cut off.
constexpr size_t kSteps = 64;
/// With more bins the density at their middles stands well enough for their masses.
constexpr int64_t kFewBins = 32;
/// Of the options of a kernel beside its own, at a prior weight of 1.
constexpr double kOptionPrior = 0.7;
constexpr double kLeastMass = 1e-300;

double normal_below(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// exp(x) for -700 <= x <= 0, to 1e-7, without branches so that compilers make vectors of it.
double exp_of(double x) {
  constexpr double kShift = 0x1.8p52;
  const double scaled = x * std::numbers::log2e + kShift;  // the whole part ends in the low bits
  const double fraction = (x * std::numbers::log2e - (scaled - kShift)) * std::numbers::ln2;
  const double series =
      1 +
      fraction *
          (1 + fraction *
                   (1.0 / 2 +
                    fraction * (1.0 / 6 +
                                fraction * (1.0 / 24 + fraction * (1.0 / 120 + fraction / 720)))));
  return std::bit_cast<double>(std::bit_cast<int64_t>(series) +
                               (std::bit_cast<int64_t>(scaled) << 52));
}

/// log(sum(exp(logs))); overwrites them.
double log_sum(std::vector<double>& logs) {
  double most = -std::numeric_limits<double>::infinity();
  for (const double x : logs) most = std::max(most, x);
  for (double& x : logs) x = exp_of(std::max(x - most, -700.0));
  double sum = 0;
  for (const double x : logs) sum += x;
  return most + std::log(sum);
}

/// Log density at its centre of a normal that is cut off at 0 and 1, between centres of a table.
class Peaks {
 public:
  explicit Peaks(double bandwidth) : logs_(kSteps + 2) {
    std::vector<double> below(kSteps + 1, 1);  // of what lies beside an end, at each distance
    for (size_t i = 0; i <= kSteps; ++i) {
      const double distance = static_cast<double>(i) / kSteps / bandwidth;
      if (distance < kFar) below[i] = normal_below(distance);
    }
    for (size_t i = 0; i <= kSteps; ++i) {
      const double inside = below[i] + below[kSteps - i] - 1;
      logs_[i] = -std::log(inside * bandwidth * std::sqrt(2 * std::numbers::pi));
    }
    logs_[kSteps + 1] = logs_[kSteps];
  }
  double at(double centre) const {
    const double place = centre * kSteps;
    const auto left = static_cast<size_t>(place);
    return std::lerp(logs_[left], logs_[left + 1], place - static_cast<double>(left));
  }

 private:
  static constexpr double kFar = 6;  // deviations at which nothing is cut off

  std::vector<double> logs_;
};

/// Of a kernel on the middle of each of a few bins: [bin * bins + kernel's bin], log of the part of
/// it that falls into the bin, over the bin's width.
std::vector<double> masses_of_bins(const UnitCube& cube, size_t choice, double bandwidth) {
  const Axis& axis = cube.axis(choice);
  const auto bins = static_cast<size_t>(axis.count);
  std::vector<double> middles;
  std::vector<std::pair<double, double>> edges;
  for (int64_t i = 0; i < axis.count; ++i) {
    middles.push_back(cube.coordinate(choice, axis.first + i));
    edges.push_back(cube.bin(choice, middles.back()));
  }
  std::vector<double> logs(bins * bins);
  for (size_t kernel = 0; kernel < bins; ++kernel) {
    const auto below = [&](double x) { return normal_below((x - middles[kernel]) / bandwidth); };
    const double inside = below(1) - below(0);
    for (size_t bin = 0; bin < bins; ++bin) {
      const auto [low, high] = edges[bin];
      const double mass = (below(high) - below(low)) / inside / (high - low);
      logs[bin * bins + kernel] = std::log(std::max(mass, kLeastMass));
    }
  }
  return logs;
}

struct Spread {
  double total = 0;  // of the weights of those that have the choice
  double count = 0;
  double deviation = 0;
};

/// Weighted standard deviation along one axis; `rows` has `stride` coordinates a row.
Spread spread_of(std::span<const double> rows, std::span<const double> weights, size_t stride,
                 size_t choice) {
  Spread spread;
  double mean = 0;
  double squares = 0;
  for (size_t k = 0; k < weights.size(); ++k) {
    const double x = rows[k * stride + choice];
    if (std::isnan(x)) continue;
    spread.total += weights[k];
    spread.count += 1;
    const double step = x - mean;
    mean += step * weights[k] / spread.total;
    squares += weights[k] * step * (x - mean);
  }
  // Rounding can leave a single observation a little less than no variance.
  if (spread.total > 0) spread.deviation = std::sqrt(std::max(squares, 0.0) / spread.total);
  return spread;
}

}  // namespace

ParzenMixture::ParzenMixture(const UnitCube& cube, std::span<const double> rows,
                             std::span<const double> weights, const Settings& settings)
    : cube_(&cube), kernels_(weights.size()) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  const double prior =
      settings.prior_weight * (kernels_ == 0 ? 1 : sum / static_cast<double>(kernels_));
  double cumulated = 0;
  for (size_t k = 0; k <= kernels_; ++k) {
    weights_.push_back((k < kernels_ ? weights[k] : prior) / (sum + prior));
    log_weights_.push_back(std::log(weights_[k]));
    cumulated_.push_back(cumulated += weights_[k]);
  }
  for (size_t i = 0; i < cube.size(); ++i) {
    factors_.push_back(factors_of(i, rows, settings));
    if (!factors_[i].always_given) continue;
    for (size_t k = 0; k < kernels_; ++k) log_weights_[k] += factors_[i].peaks[k];
  }
}

ParzenMixture::Factors ParzenMixture::factors_of(size_t choice, std::span<const double> rows,
                                                 const Settings& settings) const {
  const Axis& axis = cube_->axis(choice);
  const size_t stride = cube_->size();
  const auto count = static_cast<double>(axis.count);
  Factors factors;
  factors.always_given = cube_->always_active(choice);
  factors.centres.resize(kernels_);
  factors.peaks.resize(kernels_);
  factors.given.resize(kernels_);
  for (size_t k = 0; k < kernels_; ++k) {
    const double x = rows[k * stride + choice];
    factors.given[k] = std::isnan(x) ? 0 : 1;
    factors.centres[k] = std::isnan(x) ? 0 : x;
  }
  if (axis.kind == Axis::Kind::unordered) {
    // As if each option had been seen a fraction of a time before.
    const double before =
        kOptionPrior * settings.prior_weight / (static_cast<double>(kernels_) + 1);
    factors.same = std::log((1 + before) / (1 + before * count) * count);
    factors.other = std::log(before / (1 + before * count) * count);
    return factors;
  }
  const auto weights = std::span(weights_).first(kernels_);
  const Spread spread = spread_of(rows, weights, stride, choice);
  const double scott =
      settings.bandwidth * spread.deviation *
      std::pow(std::max(spread.count, 1.0), -1 / (static_cast<double>(stride) + 4));
  // A kernel narrower than half a bin would fall between the middles of bins.
  const double bin = axis.count > 0 ? 0.5 / count : 0;
  factors.bandwidth = std::clamp(std::max({scott, settings.least_bandwidth, bin}), 1e-6, 1.0);
  set_shape(choice, factors);
  return factors;
}

/// What only depends on the bandwidth and on where kernels are.
void ParzenMixture::set_shape(size_t choice, Factors& factors) const {
  const Axis& axis = cube_->axis(choice);
  if (axis.count > 0 && axis.count <= kFewBins) {
    factors.bin_logs = masses_of_bins(*cube_, choice, factors.bandwidth);
    for (size_t k = 0; k < kernels_; ++k) {
      const Value whole = cube_->value(choice, factors.centres[k]);
      factors.bins.push_back(static_cast<size_t>(std::get<int64_t>(whole) - axis.first));
    }
    return;
  }
  const Peaks peaks(factors.bandwidth);
  for (size_t k = 0; k < kernels_; ++k) {
    if (factors.given[k] != 0) factors.peaks[k] = peaks.at(factors.centres[k]);
  }
}

std::vector<double> ParzenMixture::draw(RandomStream& random) const {
  const double share = random.uniform();
  const auto found = std::upper_bound(cumulated_.begin(), cumulated_.end(), share);
  const auto kernel = std::min(static_cast<size_t>(found - cumulated_.begin()), kernels_);
  std::vector<double> point(cube_->size(), std::numeric_limits<double>::quiet_NaN());
  for (size_t i = 0; i < point.size(); ++i) {
    if (cube_->active(i, point)) point[i] = draw_coordinate(i, kernel, random);
  }
  return point;
}

double ParzenMixture::draw_coordinate(size_t choice, size_t kernel, RandomStream& random) const {
  const Axis& axis = cube_->axis(choice);
  const Factors& factors = factors_[choice];
  const bool uniform = kernel == kernels_ || factors.given[kernel] == 0;
  if (axis.kind == Axis::Kind::unordered) {
    const double same = std::exp(factors.same) / static_cast<double>(axis.count);
    if (uniform) return static_cast<double>(random.below(axis.count));
    const double own = factors.centres[kernel];
    if (axis.count == 1 || random.uniform() < same) return own;
    const auto other = static_cast<double>(random.below(axis.count - 1));
    return other >= own ? other + 1 : other;
  }
  double x = random.uniform();
  if (!uniform) {
    int draws = 0;
    do {
      x = factors.centres[kernel] + random.normal() * factors.bandwidth;
    } while ((x < 0 || x > 1) && ++draws < kDraws);
  }
  return cube_->coordinate(choice, cube_->value(choice, x));
}

void ParzenMixture::add_factor(size_t choice, double coordinate, std::vector<double>& logs) const {
  const Axis& axis = cube_->axis(choice);
  const Factors& factors = factors_[choice];
  if (axis.kind == Axis::Kind::unordered) {
    for (size_t k = 0; k < kernels_; ++k) {
      const double same = factors.centres[k] == coordinate ? factors.same : factors.other;
      logs[k] += factors.given[k] * same;
    }
    return;
  }
  if (!factors.bins.empty()) {
    const auto whole = std::get<int64_t>(cube_->value(choice, coordinate));
    const auto bin = static_cast<size_t>(whole - axis.first);
    const double* own = &factors.bin_logs[bin * static_cast<size_t>(axis.count)];
    for (size_t k = 0; k < kernels_; ++k) logs[k] += factors.given[k] * own[factors.bins[k]];
    return;
  }
  const double scale = 0.5 / (factors.bandwidth * factors.bandwidth);
  if (factors.always_given) {
    for (size_t k = 0; k < kernels_; ++k) {
      const double off = coordinate - factors.centres[k];
      logs[k] -= scale * off * off;
    }
    return;
  }
  for (size_t k = 0; k < kernels_; ++k) {
    const double off = coordinate - factors.centres[k];
    logs[k] += factors.given[k] * (factors.peaks[k] - scale * off * off);
  }
}

double ParzenMixture::log_density(std::span<const double> point) const {
  scratch_.assign(log_weights_.begin(), log_weights_.end());
  for (size_t i = 0; i < point.size(); ++i) {
    if (!std::isnan(point[i])) add_factor(i, point[i], scratch_);
  }
  return log_sum(scratch_);
}

}  // namespace nas
