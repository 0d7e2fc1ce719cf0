#include "nas/core/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nas {
namespace {

/// From 1; equals get the mean of theirs.
std::vector<double> ranks(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> found(values.size());
  for (size_t first = 0; first < order.size();) {
    size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double rank = static_cast<double>(first + end + 1) / 2;
    for (; first < end; ++first) found[order[first]] = rank;
  }
  return found;
}

std::optional<double> linear_correlation(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double product = 0;
  double square_a = 0;
  double square_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += (a[i] - mean_a) * (b[i] - mean_b);
    square_a += (a[i] - mean_a) * (a[i] - mean_a);
    square_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  if (square_a == 0 || square_b == 0) return std::nullopt;
  return product / std::sqrt(square_a * square_b);
}

int sign_of_difference(double a, double b) { return (a > b ? 1 : 0) - (a < b ? 1 : 0); }

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double center = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - center) * (value - center);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double median(std::span<const double> values) { return quantile(values, 0.5); }

double quantile(std::span<const double> values, double part) {
  if (values.empty()) return 0;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double rank = part * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double between = rank - static_cast<double>(below);
  return sorted[below] + between * (sorted[above] - sorted[below]);
}

double normal_score(double share) { return 0.5513 * std::log(share / (1 - share)); }

std::vector<double> normal_scores(std::span<const double> values) {
  const auto size = static_cast<double>(values.size());
  std::vector<double> scores;
  for (const double rank : ranks(values))
    scores.push_back(normal_score(1 - (size + 0.5 - rank) / size));
  return scores;
}

std::optional<double> spearman(std::span<const double> a, std::span<const double> b) {
  return linear_correlation(ranks(a), ranks(b));
}

std::optional<double> kendall(std::span<const double> a, std::span<const double> b) {
  double agreement = 0;
  double untied_a = 0;
  double untied_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const int of_a = sign_of_difference(a[i], a[j]);
      const int of_b = sign_of_difference(b[i], b[j]);
      agreement += of_a * of_b;
      untied_a += of_a * of_a;
      untied_b += of_b * of_b;
    }
  }
  if (untied_a == 0 || untied_b == 0) return std::nullopt;
  return agreement / std::sqrt(untied_a * untied_b);
}

}  // namespace nas
