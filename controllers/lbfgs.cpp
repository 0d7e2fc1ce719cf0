#include "controllers/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

namespace nas {
namespace {

using Vector = std::vector<double>;

/// Share of the slope that a step must gain (Armijo), and halvings before it is given up.
constexpr double kSufficient = 1e-4;
constexpr int kMostHalvings = 20;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void add(Vector& to, double factor, const Vector& what) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}

struct Pair {
  Vector step;
  Vector change;  // of the gradient
  double inverse_curvature;
};

class Minimizer {
 public:
  Minimizer(const Differentiable& function, const Box& box, const LbfgsSettings& settings)
      : function_(function), box_(box), settings_(settings) {}

  Minimum run(Vector start) {
    x_ = projected(std::move(start));
    gradient_.resize(x_.size());
    value_ = function_(x_, gradient_);
    for (int64_t i = 0; i < settings_.iterations; ++i) {
      if (!std::isfinite(value_) || !advance()) break;
    }
    return {x_, value_};
  }

 private:
  Vector projected(Vector x) const {
    for (size_t i = 0; i < x.size(); ++i) x[i] = std::clamp(x[i], box_.low[i], box_.high[i]);
    return x;
  }

  /// Whether a bound keeps the coordinate from going downhill.
  bool held(size_t i) const {
    if (box_.low[i] == box_.high[i]) return true;
    return gradient_[i] > 0 ? x_[i] <= box_.low[i] : x_[i] >= box_.high[i];
  }

  Vector free_gradient() const {
    Vector free = gradient_;
    for (size_t i = 0; i < free.size(); ++i) {
      if (held(i)) free[i] = 0;
    }
    return free;
  }

  /// Minus the gradient times the estimated inverse Hessian: the two loops of Nocedal.
  Vector direction(const Vector& free) const {
    Vector result = free;
    Vector shares(pairs_.size());
    for (size_t k = pairs_.size(); k-- > 0;) {
      shares[k] = pairs_[k].inverse_curvature * dot(pairs_[k].step, result);
      add(result, -shares[k], pairs_[k].change);
    }
    const double scale = initial_scale(free);
    for (double& one : result) one *= scale;
    for (size_t k = 0; k < pairs_.size(); ++k) {
      const double back = pairs_[k].inverse_curvature * dot(pairs_[k].change, result);
      add(result, shares[k] - back, pairs_[k].step);
    }
    for (size_t i = 0; i < result.size(); ++i) result[i] = held(i) ? 0 : -result[i];
    return result;
  }

  /// Without experience the first step is as long as a tenth of the unit cube's edge at most.
  double initial_scale(const Vector& free) const {
    if (pairs_.empty()) return std::min(1.0, 0.1 / std::sqrt(dot(free, free)));
    const Pair& last = pairs_.back();
    return 1 / (last.inverse_curvature * dot(last.change, last.change));
  }

  /// One step; false where none improves.
  bool advance() {
    const Vector free = free_gradient();
    const double steepest = std::accumulate(free.begin(), free.end(), 0.0, [](double a, double b) {
      return std::max(a, std::fabs(b));
    });
    if (steepest <= settings_.gradient_tolerance) return false;
    Vector towards = direction(free);
    if (dot(towards, free) >= 0) {
      pairs_.clear();
      towards = direction(free);
    }
    const double before = value_;
    if (!search_line(towards)) {
      if (pairs_.empty()) return false;
      pairs_.clear();
      return search_line(direction(free));
    }
    return before - value_ > settings_.value_tolerance * (std::fabs(value_) + 1e-12);
  }

  bool search_line(const Vector& towards) {
    Vector gradient(x_.size());
    double length = 1;
    for (int i = 0; i < kMostHalvings; ++i, length /= 2) {
      Vector x = x_;
      add(x, length, towards);
      x = projected(std::move(x));
      Vector step = x;
      add(step, -1, x_);
      const double value = function_(x, gradient);
      if (!(value <= value_ + kSufficient * dot(gradient_, step)) || value >= value_) continue;
      remember(std::move(step), gradient);
      x_ = std::move(x);
      value_ = value;
      gradient_ = gradient;
      return true;
    }
    return false;
  }

  void remember(Vector step, const Vector& gradient) {
    Vector change = gradient;
    add(change, -1, gradient_);
    const double curvature = dot(step, change);
    // Negative curvature would make the estimate indefinite.
    if (curvature <= 1e-12 * dot(change, change)) return;
    pairs_.push_back({std::move(step), std::move(change), 1 / curvature});
    if (static_cast<int64_t>(pairs_.size()) > settings_.memory) pairs_.pop_front();
  }

  const Differentiable& function_;
  const Box& box_;
  LbfgsSettings settings_;
  Vector x_;
  Vector gradient_;
  double value_ = 0;
  std::deque<Pair> pairs_;
};

}  // namespace

Minimum minimize(const Differentiable& function, std::vector<double> start, const Box& box,
                 const LbfgsSettings& settings) {
  return Minimizer(function, box, settings).run(std::move(start));
}

}  // namespace nas
