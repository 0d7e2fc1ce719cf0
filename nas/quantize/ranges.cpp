#include "nas/quantize/ranges.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nas {
namespace {

constexpr size_t kBins = 2048;
constexpr double kTail = 1e-4;
constexpr double kSteps = 255;
/// Shares of the limits that are tried for the least error.
constexpr int kTries = 60;

double middle(const Range& limits, size_t bin) {
  const double width = (double{limits.high} - limits.low) / kBins;
  return limits.low + (static_cast<double>(bin) + 0.5) * width;
}

Range percentile_range(const Range& limits, const std::vector<int64_t>& counts) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), int64_t{0}));
  const auto edge = [&](double share) {
    double sum = 0;
    for (size_t bin = 0; bin < kBins; ++bin) {
      sum += static_cast<double>(counts[bin]);
      if (sum > share * total) return static_cast<float>(middle(limits, bin));
    }
    return limits.high;
  };
  return {edge(kTail), edge(1 - kTail)};
}

/// Squared error of all values: that of rounding inside, the distance to the end outside.
double error_of(const Range& limits, const std::vector<int64_t>& counts, double low, double high) {
  const double step = (high - low) / kSteps;
  double sum = 0;
  for (size_t bin = 0; bin < kBins; ++bin) {
    if (counts[bin] == 0) continue;
    const double x = middle(limits, bin);
    const double beyond = std::max({low - x, x - high, 0.0});
    sum += static_cast<double>(counts[bin]) * (beyond > 0 ? beyond * beyond : step * step / 12);
  }
  return sum;
}

Range least_error_range(const Range& limits, const std::vector<int64_t>& counts) {
  const double low = std::min(limits.low, 0.0F);
  const double high = std::max(limits.high, 0.0F);
  double best_share = 1;
  double least = error_of(limits, counts, low, high);
  for (int i = 1; i < kTries; ++i) {
    const double share = 1 - static_cast<double>(i) / kTries;
    const double error = error_of(limits, counts, share * low, share * high);
    if (error >= least) continue;
    least = error;
    best_share = share;
  }
  return {static_cast<float>(best_share * low), static_cast<float>(best_share * high)};
}

}  // namespace

void ValueLimits::add(size_t node, std::span<const float> values) {
  if (values.empty()) return;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  Range& range = ranges_[node];
  range = seen_[node] != 0 ? Range{std::min(range.low, *low), std::max(range.high, *high)}
                           : Range{*low, *high};
  seen_[node] = 1;
}

ValueHistograms::ValueHistograms(const std::vector<Range>& limits)
    : limits_(limits), counts_(limits.size(), std::vector<int64_t>(kBins)) {}

void ValueHistograms::add(size_t node, std::span<const float> values) {
  const Range& limits = limits_[node];
  const double width = (double{limits.high} - limits.low) / kBins;
  if (!(width > 0)) return;
  for (const float value : values) {
    const double place = (double{value} - limits.low) / width;
    counts_[node][static_cast<size_t>(std::clamp(place, 0.0, kBins - 1.0))] += 1;
  }
}

std::vector<Range> ValueHistograms::ranges(RangeRule rule) const {
  std::vector<Range> ranges = limits_;
  for (size_t node = 0; node < ranges.size(); ++node) {
    if (!(limits_[node].low < limits_[node].high)) continue;
    if (rule == RangeRule::percentile) {
      ranges[node] = percentile_range(limits_[node], counts_[node]);
    } else if (rule == RangeRule::mse) {
      ranges[node] = least_error_range(limits_[node], counts_[node]);
    }
  }
  return ranges;
}

}  // namespace nas
