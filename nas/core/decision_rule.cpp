#include "nas/core/decision_rule.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

double positive_probability(const Decisions& decisions, size_t example) {
  return decisions.probabilities[2 * example + 1];
}

/// Mean cross entropy of the examples' own classes.
double cross_entropy_at(const Decisions& decisions, double temperature) {
  const Decisions at = at_temperature(decisions, temperature);
  double sum = 0;
  for (size_t i = 0; i < at.labels.size(); ++i) {
    const size_t own = i * static_cast<size_t>(at.classes) + static_cast<size_t>(at.labels[i]);
    sum -= std::log(std::max(at.probabilities[own], 1e-300));
  }
  return sum / static_cast<double>(at.labels.size());
}

/// Examples by their true class that are decided for class 1, and the others.
struct Outcomes {
  double found = 0;
  double missed = 0;
  double alarms = 0;
  double passed = 0;
};

Outcomes outcomes_at(const Decisions& decisions, double threshold) {
  Outcomes outcomes;
  for (size_t i = 0; i < decisions.labels.size(); ++i) {
    const bool alarm = positive_probability(decisions, i) >= threshold;
    if (decisions.labels[i] == 1) {
      (alarm ? outcomes.found : outcomes.missed) += 1;
    } else {
      (alarm ? outcomes.alarms : outcomes.passed) += 1;
    }
  }
  return outcomes;
}

double cost_of(const Outcomes& outcomes, const CostMatrix& costs) {
  return outcomes.found * costs[1][1] + outcomes.missed * costs[1][0] +
         outcomes.alarms * costs[0][1] + outcomes.passed * costs[0][0];
}

/// Thresholds between which no example changes sides, in rising order, and the outcomes at each.
class Thresholds {
 public:
  explicit Thresholds(const Decisions& decisions) {
    std::vector<std::pair<double, int64_t>> examples;
    for (size_t i = 0; i < decisions.labels.size(); ++i) {
      examples.emplace_back(positive_probability(decisions, i), decisions.labels[i]);
    }
    std::sort(examples.begin(), examples.end());
    Outcomes now = outcomes_at(decisions, 0);
    add(0, now);
    for (size_t i = 0; i < examples.size(); ++i) {
      const auto& [probability, label] = examples[i];
      (label == 1 ? now.found : now.alarms) -= 1;
      (label == 1 ? now.missed : now.passed) += 1;
      const bool last = i + 1 == examples.size();
      if (!last && examples[i + 1].first == probability) continue;
      const double next = last ? std::nextafter(1.0, 2.0) : examples[i + 1].first;
      add(last ? next : probability + (next - probability) / 2, now);
    }
  }

  const std::vector<std::pair<double, Outcomes>>& all() const { return all_; }

 private:
  void add(double threshold, const Outcomes& outcomes) { all_.emplace_back(threshold, outcomes); }

  std::vector<std::pair<double, Outcomes>> all_;
};

}  // namespace

Decisions at_temperature(Decisions decisions, double temperature) {
  const auto classes = static_cast<size_t>(decisions.classes);
  for (size_t first = 0; first + classes <= decisions.probabilities.size(); first += classes) {
    double* const row = decisions.probabilities.data() + first;
    const double largest = *std::max_element(row, row + classes);
    double sum = 0;
    for (size_t c = 0; c < classes; ++c)
      sum += row[c] = std::pow(row[c] / largest, 1 / temperature);
    for (size_t c = 0; c < classes; ++c) row[c] /= sum;
  }
  return decisions;
}

/// Golden-section search over the logarithm: the cross entropy has one minimum, as it is convex in
/// the inverse of the temperature.
double fitted_temperature(const Decisions& decisions) {
  constexpr double kGolden = 0.6180339887498949;
  const auto loss = [&](double log) { return cross_entropy_at(decisions, std::exp(log)); };
  double low = std::log(0.05);
  double high = std::log(20.0);
  double left = high - kGolden * (high - low);
  double right = low + kGolden * (high - low);
  double at_left = loss(left);
  double at_right = loss(right);
  while (high - low > 1e-6) {
    if (at_left <= at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - kGolden * (high - low);
      at_left = loss(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + kGolden * (high - low);
      at_right = loss(right);
    }
  }
  return std::exp((low + high) / 2);
}

double cheapest_threshold(const Decisions& decisions, const CostMatrix& costs) {
  const Thresholds thresholds(decisions);
  return std::min_element(thresholds.all().begin(), thresholds.all().end(),
                          [&](const auto& a, const auto& b) {
                            return cost_of(a.second, costs) < cost_of(b.second, costs);
                          })
      ->first;
}

double threshold_of_specificity(const Decisions& decisions, double specificity) {
  const Thresholds thresholds(decisions);
  return std::find_if(thresholds.all().begin(), thresholds.all().end(),
                      [&](const auto& entry) {
                        const auto& [found, missed, alarms, passed] = entry.second;
                        return passed >= specificity * (passed + alarms) * (1 - 1e-12);
                      })
      ->first;
}

std::map<std::string, double> metrics_at_threshold(const Decisions& decisions, double threshold,
                                                   const CostMatrix& costs) {
  const Outcomes outcomes = outcomes_at(decisions, threshold);
  const auto& [found, missed, alarms, passed] = outcomes;
  std::map<std::string, double> metrics;
  if (found + missed > 0) metrics["sensitivity_at_threshold"] = 100 * found / (found + missed);
  if (passed + alarms > 0) metrics["specificity_at_threshold"] = 100 * passed / (passed + alarms);
  if (found + alarms > 0) metrics["precision_at_threshold"] = 100 * found / (found + alarms);
  if (!costs.empty()) {
    metrics["cost_at_threshold"] =
        cost_of(outcomes, costs) / static_cast<double>(decisions.labels.size());
  }
  return metrics;
}

}  // namespace nas
