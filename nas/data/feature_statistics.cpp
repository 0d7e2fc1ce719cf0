#include "nas/data/feature_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

/// Of the numbers of a feature that are there.
float median_of(const LabelledImages& table, size_t feature, const std::vector<int64_t>& chosen) {
  std::vector<float> there;
  for (const int64_t row : chosen) {
    const float value = table.values[static_cast<size_t>(row) * table.features.size() + feature];
    if (!std::isnan(value)) there.push_back(value);
  }
  if (there.empty()) return 0;
  std::sort(there.begin(), there.end());
  const size_t middle = there.size() / 2;
  if (there.size() % 2 == 1) return there[middle];
  return static_cast<float>((double{there[middle - 1]} + double{there[middle]}) / 2);
}

/// Mean and deviation of a feature without missing numbers, in two passes.
void add_moments(const LabelledImages& table, size_t feature, const std::vector<int64_t>& chosen,
                 FeatureStatistics& statistics) {
  const auto value = [&](int64_t row) {
    return double{table.values[static_cast<size_t>(row) * table.features.size() + feature]};
  };
  const auto count = static_cast<double>(chosen.size());
  double sum = 0;
  for (const int64_t row : chosen) sum += value(row);
  const double mean = sum / count;
  double squares = 0;
  for (const int64_t row : chosen) squares += (value(row) - mean) * (value(row) - mean);
  const auto deviation = static_cast<float>(std::sqrt(squares / count));
  // The mean of equal numbers may be a rounding away from them.
  const bool constant = deviation <= 1e-6 * std::abs(mean);
  statistics.mean.push_back(static_cast<float>(mean));
  statistics.deviation.push_back(constant || deviation == 0 ? 1.0f : deviation);
}

}  // namespace

void fill_missing(LabelledImages& table, const std::vector<float>& median) {
  for (size_t i = 0; i < table.values.size(); ++i) {
    if (std::isnan(table.values[i])) table.values[i] = median[i % median.size()];
  }
}

FeatureStatistics complete(LabelledImages& table, const std::vector<int64_t>& training) {
  FeatureStatistics statistics;
  for (size_t feature = 0; feature < table.features.size(); ++feature) {
    const bool coded = table.features[feature].coded;
    statistics.median.push_back(coded ? 0 : median_of(table, feature, training));
  }
  fill_missing(table, statistics.median);
  for (size_t feature = 0; feature < table.features.size(); ++feature) {
    if (table.features[feature].coded) {
      statistics.mean.push_back(0);
      statistics.deviation.push_back(1);
    } else {
      add_moments(table, feature, training, statistics);
    }
  }
  return statistics;
}

}  // namespace nas
