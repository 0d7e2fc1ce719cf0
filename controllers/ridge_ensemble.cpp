#include "controllers/ridge_ensemble.hpp"

#include <cmath>

#include "nas/core/statistics.hpp"

namespace nas {
namespace {

using Matrix = std::vector<std::vector<double>>;

constexpr double kInactive = -1;

double share(double value, double low, double high, bool log) {
  if (!(low < high)) return 0;
  return log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

/// An option's index, or where in its interval, 0 to 1, the number lies.
struct Encode {
  const Value& value;

  double operator()(const Categorical&) const {
    return static_cast<double>(std::get<int64_t>(value));
  }
  double operator()(const IntegerInterval& domain) const {
    return share(static_cast<double>(std::get<int64_t>(value)), static_cast<double>(domain.low),
                 static_cast<double>(domain.high), domain.log);
  }
  double operator()(const RealInterval& domain) const {
    return share(std::get<double>(value), domain.low, domain.high, domain.log);
  }
};

/// Solves a x = b in place for symmetric positive definite `a`, of which the lower half is read and
/// overwritten (Cholesky).
void solve(Matrix& a, std::vector<double>& b) {
  const size_t size = b.size();
  for (size_t i = 0; i < size; ++i) {
    double* row = a[i].data();
    for (size_t j = 0; j <= i; ++j) {
      const double* other = a[j].data();
      double sum = row[j];
      for (size_t k = 0; k < j; ++k) sum -= row[k] * other[k];
      row[j] = i == j ? std::sqrt(sum) : sum / other[j];
    }
  }
  for (size_t i = 0; i < size; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (size_t i = size; i-- > 0;) {
    b[i] /= a[i][i];
    for (size_t k = 0; k < i; ++k) b[k] -= a[i][k] * b[i];
  }
}

}  // namespace

RidgeEnsemble::Row RidgeEnsemble::encoded(const Point& point) const {
  Row row;
  for (size_t i = 0; i < choices_->size(); ++i) {
    const Value& value = point.values[i];
    const bool active = !std::holds_alternative<std::monostate>(value);
    row.push_back(active ? std::visit(Encode{value}, (*choices_)[i].domain) : kInactive);
  }
  if (prior_ != nullptr) row.push_back(prior_->predict(point).mean);
  return row;
}

double RidgeEnsemble::inner_product(const Row& a, const Row& b) const {
  double product = 1;
  for (size_t i = 0; i < choices_->size(); ++i) {
    const bool categorical = std::holds_alternative<Categorical>((*choices_)[i].domain);
    const bool apart = categorical || (a[i] == kInactive) != (b[i] == kInactive);
    const double similarity = a[i] == b[i] ? 1 : apart ? 0 : 1 - std::abs(a[i] - b[i]);
    product *= (1 + options_.interaction * similarity) / (1 + options_.interaction);
  }
  if (prior_ != nullptr) product += a.back() * b.back();
  return product;
}

/// Weights of the points that minimise squared errors, each counted `copies` times, plus the ridge.
RidgeEnsemble::Row RidgeEnsemble::fit_member(const Matrix& gram, const std::vector<double>& targets,
                                             const std::vector<int64_t>& copies) const {
  std::vector<size_t> drawn;
  for (size_t i = 0; i < copies.size(); ++i) {
    if (copies[i] > 0) drawn.push_back(i);
  }
  Matrix system;
  Row solution;
  for (const size_t i : drawn) {
    auto& row = system.emplace_back();
    for (const size_t j : drawn) {
      if (j > i) break;
      row.push_back(gram[i][j] + (i == j ? options_.penalty / static_cast<double>(copies[i]) : 0));
    }
    solution.push_back(targets[i] - bias_);
  }
  solve(system, solution);
  Row weights(copies.size(), 0.0);
  for (size_t i = 0; i < drawn.size(); ++i) weights[drawn[i]] = solution[i];
  return weights;
}

void RidgeEnsemble::fit(const std::vector<Point>& points, const std::vector<double>& targets,
                        RandomStream& random) {
  rows_.clear();
  for (const Point& point : points) rows_.push_back(encoded(point));
  Matrix gram;
  for (size_t i = 0; i < rows_.size(); ++i) {
    auto& row = gram.emplace_back();
    for (size_t j = 0; j <= i; ++j) row.push_back(inner_product(rows_[i], rows_[j]));
  }
  bias_ = mean(targets);
  weights_.clear();
  const auto size = static_cast<int64_t>(points.size());
  for (int64_t member = 0; member < options_.members; ++member) {
    std::vector<int64_t> copies(points.size(), 0);
    for (int64_t i = 0; i < size; ++i) ++copies[static_cast<size_t>(random.below(size))];
    weights_.push_back(fit_member(gram, targets, copies));
  }
}

Prediction RidgeEnsemble::predict(const Point& point) const {
  const Row row = encoded(point);
  Row products;
  for (const Row& other : rows_) products.push_back(inner_product(row, other));
  std::vector<double> values;
  for (const Row& weights : weights_) {
    double value = bias_;
    for (size_t i = 0; i < products.size(); ++i) value += weights[i] * products[i];
    values.push_back(value);
  }
  return {mean(values), standard_deviation(values)};
}

}  // namespace nas
