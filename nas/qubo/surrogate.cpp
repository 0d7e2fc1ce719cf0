#include "nas/qubo/surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nas/core/statistics.hpp"

namespace nas {
namespace {

using Numbers = std::vector<double>;

constexpr size_t kFolds = 5;
constexpr double kTolerance = 1e-10;
constexpr int kMostIterations = 2000;

double dot(const Numbers& a, const Numbers& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Bits and products of each point; columns are numbered as they are met.
class Features {
 public:
  Features(const PointEncoding& encoding, std::span<const Point> points)
      : variables_(encoding.variables()) {
    columns_ = static_cast<size_t>(variables_);
    for (const Point& point : points) {
      const auto ones = encoding.encoded(point);
      auto& row = rows_.emplace_back();
      for (size_t i = 0; i < ones.size(); ++i) {
        row.push_back(static_cast<size_t>(ones[i]));
        for (size_t j = 0; j < i; ++j) row.push_back(column({ones[j], ones[i]}));
      }
    }
  }

  size_t columns() const { return columns_; }
  const std::map<std::pair<int64_t, int64_t>, size_t>& products() const { return products_; }

  /// One value a point.
  Numbers times(const Numbers& weights) const {
    Numbers values;
    for (const auto& row : rows_) {
      double sum = 0;
      for (const size_t feature : row) sum += weights[feature];
      values.push_back(sum);
    }
    return values;
  }

  /// One value a column.
  Numbers transposed_times(const Numbers& values) const {
    Numbers sums(columns_, 0.0);
    for (size_t i = 0; i < rows_.size(); ++i) {
      for (const size_t feature : rows_[i]) sums[feature] += values[i];
    }
    return sums;
  }

 private:
  size_t column(const std::pair<int64_t, int64_t>& pair) {
    const auto [place, is_new] = products_.emplace(pair, columns_);
    if (is_new) ++columns_;
    return place->second;
  }

  int64_t variables_;
  size_t columns_ = 0;
  std::map<std::pair<int64_t, int64_t>, size_t> products_;
  std::vector<std::vector<size_t>> rows_;
};

/// Solves (X^T X + ridge) w = X^T y.
Numbers ridge_weights(const Features& features, const Numbers& targets, double ridge) {
  Numbers weights(features.columns(), 0.0);
  Numbers residual = features.transposed_times(targets);
  Numbers direction = residual;
  double square = dot(residual, residual);
  const double enough = square * kTolerance * kTolerance;
  for (int n = 0; n < kMostIterations && square > enough; ++n) {
    Numbers image = features.transposed_times(features.times(direction));
    for (size_t k = 0; k < image.size(); ++k) image[k] += ridge * direction[k];
    const double step = square / dot(direction, image);
    for (size_t k = 0; k < image.size(); ++k) {
      weights[k] += step * direction[k];
      residual[k] -= step * image[k];
    }
    const double next = dot(residual, residual);
    for (size_t k = 0; k < image.size(); ++k) {
      direction[k] = residual[k] + next / square * direction[k];
    }
    square = next;
  }
  return weights;
}

}  // namespace

QuadraticModel fit_surrogate(const PointEncoding& encoding, std::span<const Point> points,
                             std::span<const double> targets, const SurrogateOptions& options) {
  QuadraticModel model = encoding.empty_model();
  model.offset = mean(targets);
  const double deviation = standard_deviation(targets);
  if (!(deviation > 0)) return model;
  const Features features(encoding, points);
  Numbers scaled;
  for (const double target : targets) scaled.push_back((target - model.offset) / deviation);
  const Numbers weights = ridge_weights(features, scaled, options.ridge);
  for (size_t i = 0; i < model.linear.size(); ++i) model.linear[i] = deviation * weights[i];
  for (const auto& [pair, column] : features.products()) {
    model.quadratic[pair] = deviation * weights[column];
  }
  return model;
}

double predicted(const QuadraticModel& surrogate, const PointEncoding& encoding,
                 const Point& point) {
  const auto ones = encoding.encoded(point);
  double sum = surrogate.offset;
  for (size_t i = 0; i < ones.size(); ++i) {
    sum += surrogate.linear[static_cast<size_t>(ones[i])];
    for (size_t j = 0; j < i; ++j) {
      const auto bias = surrogate.quadratic.find({ones[j], ones[i]});
      if (bias != surrogate.quadratic.end()) sum += bias->second;
    }
  }
  return sum;
}

std::optional<double> held_out_correlation(const PointEncoding& encoding,
                                           std::span<const Point> points,
                                           std::span<const double> targets,
                                           const SurrogateOptions& options) {
  if (points.size() < kFolds) return std::nullopt;
  Numbers predictions(points.size());
  for (size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<Point> others;
    Numbers other_targets;
    for (size_t i = 0; i < points.size(); ++i) {
      if (i % kFolds == fold) continue;
      others.push_back(points[i]);
      other_targets.push_back(targets[i]);
    }
    const auto surrogate = fit_surrogate(encoding, others, other_targets, options);
    for (size_t i = fold; i < points.size(); i += kFolds) {
      predictions[i] = predicted(surrogate, encoding, points[i]);
    }
  }
  return spearman(predictions, targets);
}

}  // namespace nas
