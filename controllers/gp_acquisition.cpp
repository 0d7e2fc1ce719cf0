#include "controllers/gp_acquisition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "controllers/ehvi.hpp"
#include "controllers/log_ei.hpp"

namespace nas {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Logarithm of the mean of exponentials; `shares` become what each adds to its slope.
double log_mean(std::span<const double> logs, std::vector<double>& shares) {
  const double most = *std::max_element(logs.begin(), logs.end());
  shares.clear();
  double sum = 0;
  for (const double one : logs) sum += shares.emplace_back(std::exp(one - most));
  for (double& share : shares) share /= sum;
  return most + std::log(sum / static_cast<double>(logs.size()));
}

class Improvement : public Merit {
 public:
  explicit Improvement(const ObservedMeans& observed) {
    for (const auto& means : observed)
      best_.push_back(*std::min_element(means.begin(), means.end()));
  }

  double value(std::span<const Belief> beliefs, std::span<Belief> slopes) const override {
    const Belief& belief = beliefs[0];
    std::vector<LogExpectation> futures;
    std::vector<double> logs;
    for (size_t i = 0; i < best_.size(); ++i) {
      futures.push_back(log_expected_improvement(best_[i], belief.means[i], belief.deviation));
      logs.push_back(futures.back().value);
    }
    std::vector<double> shares;
    const double value = log_mean(logs, shares);
    slopes[0] = {std::vector<double>(best_.size()), 0};
    for (size_t i = 0; i < best_.size(); ++i) {
      slopes[0].means[i] = shares[i] * futures[i].by_mean;
      slopes[0].deviation += shares[i] * futures[i].by_deviation;
    }
    return value;
  }

 private:
  std::vector<double> best_;
};

/// Beyond the worst values of the front.
LossPair reference_of(std::span<const LossPair> losses) {
  LossPair least{kInfinity, kInfinity};
  LossPair most{-kInfinity, -kInfinity};
  for (const auto& one : losses) {
    const bool dominated = std::any_of(losses.begin(), losses.end(), [&](const LossPair& other) {
      return other != one && other[0] <= one[0] && other[1] <= one[1];
    });
    for (size_t i = 0; i < 2 && !dominated; ++i) {
      least[i] = std::min(least[i], one[i]);
      most[i] = std::max(most[i], one[i]);
    }
  }
  // Losses are in units of their deviation: a front of one point gets a tenth of it.
  for (size_t i = 0; i < 2; ++i) {
    const double extent = most[i] - least[i];
    most[i] += 0.1 * (extent > 0 ? extent : 1);
  }
  return most;
}

class FrontGain : public Merit {
 public:
  FrontGain(const ObservedMeans& first, const ObservedMeans& second) {
    for (size_t future = 0; future < first.size(); ++future) {
      std::vector<LossPair> losses;
      for (size_t i = 0; i < first[future].size(); ++i) {
        losses.push_back({first[future][i], second[future][i]});
      }
      gaps_.emplace_back(losses, reference_of(losses));
    }
  }

  double value(std::span<const Belief> beliefs, std::span<Belief> slopes) const override {
    std::vector<FrontGap::LogVolume> futures;
    std::vector<double> logs;
    const LossPair deviations{beliefs[0].deviation, beliefs[1].deviation};
    for (size_t k = 0; k < gaps_.size(); ++k) {
      const LossPair means{beliefs[0].means[k], beliefs[1].means[k]};
      futures.push_back(gaps_[k].log_expected_gain(means, deviations));
      logs.push_back(futures.back().value);
    }
    std::vector<double> shares;
    const double value = log_mean(logs, shares);
    for (size_t i = 0; i < 2; ++i) {
      slopes[i] = {std::vector<double>(gaps_.size()), 0};
      for (size_t k = 0; k < gaps_.size(); ++k) {
        slopes[i].means[k] = shares[k] * futures[k].by_mean[i];
        slopes[i].deviation += shares[k] * futures[k].by_deviation[i];
      }
    }
    return value;
  }

 private:
  std::vector<FrontGap> gaps_;
};

class Feasible : public Merit {
 public:
  Feasible(std::unique_ptr<Merit> merit, double limit, double power)
      : merit_(std::move(merit)), limit_(limit), power_(power) {}

  double value(std::span<const Belief> beliefs, std::span<Belief> slopes) const override {
    const size_t last = beliefs.size() - 1;
    const Belief& belief = beliefs[last];
    const auto chance = log_probability_above(limit_, belief.means[0], belief.deviation);
    slopes[last] = {{power_ * chance.by_mean}, power_ * chance.by_deviation};
    return power_ * chance.value + merit_->value(beliefs.first(last), slopes.first(last));
  }

 private:
  std::unique_ptr<Merit> merit_;
  double limit_;
  double power_;
};

}  // namespace

std::unique_ptr<Merit> improvement_merit(const ObservedMeans& observed) {
  return std::make_unique<Improvement>(observed);
}

std::unique_ptr<Merit> front_merit(const ObservedMeans& first, const ObservedMeans& second) {
  return std::make_unique<FrontGain>(first, second);
}

std::unique_ptr<Merit> feasible_merit(std::unique_ptr<Merit> merit, double limit, double power) {
  return std::make_unique<Feasible>(std::move(merit), limit, power);
}

std::vector<double> Acquisition::values(std::span<const Features> points) const {
  std::vector<std::vector<Belief>> by_model;
  for (const auto& model : models_) by_model.push_back(model.predict(points));
  std::vector<double> result;
  std::vector<Belief> beliefs(models_.size());
  std::vector<Belief> slopes(models_.size());
  for (size_t i = 0; i < points.size(); ++i) {
    for (size_t m = 0; m < models_.size(); ++m) beliefs[m] = std::move(by_model[m][i]);
    result.push_back(merit_->value(beliefs, slopes));
  }
  return result;
}

double Acquisition::value(const Features& point, std::span<double> gradient) const {
  std::vector<GpQuery> queries;
  std::vector<Belief> beliefs;
  for (const auto& model : models_) {
    queries.push_back(model.query(point));
    beliefs.push_back(queries.back().belief);
  }
  std::vector<Belief> slopes(models_.size());
  const double value = merit_->value(beliefs, slopes);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (size_t m = 0; m < models_.size(); ++m) {
    const auto part = models_[m].gradient(queries[m], slopes[m]);
    for (size_t i = 0; i < part.size(); ++i) gradient[i] += part[i];
  }
  return value;
}

}  // namespace nas
