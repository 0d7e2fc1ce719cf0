#include "nas/core/decision_metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

const double* row_of(const Decisions& decisions, size_t example) {
  return decisions.probabilities.data() + example * at(decisions.classes);
}

/// The first of the likeliest classes.
int64_t likeliest(const Decisions& decisions, size_t example) {
  const double* row = row_of(decisions, example);
  return std::max_element(row, row + decisions.classes) - row;
}

/// How many examples of each class have one score, or a higher one.
struct Counts {
  double negative = 0;
  double positive = 0;
};

/// Counts by distinct probability of class 1, from the highest down.
std::vector<Counts> counts_by_score(const Decisions& decisions) {
  std::vector<size_t> order(decisions.labels.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto score = [&](size_t example) { return row_of(decisions, example)[1]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return score(a) > score(b); });
  std::vector<Counts> counts;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || score(order[i]) != score(order[i - 1])) counts.emplace_back();
    (decisions.labels[order[i]] == 1 ? counts.back().positive : counts.back().negative) += 1;
  }
  return counts;
}

Counts sum_of(const std::vector<Counts>& counts) {
  Counts sum;
  for (const Counts& part : counts) {
    sum.negative += part.negative;
    sum.positive += part.positive;
  }
  return sum;
}

}  // namespace

double balanced_accuracy(const Decisions& decisions) {
  std::vector<double> right(at(decisions.classes));
  std::vector<double> all(at(decisions.classes));
  for (size_t i = 0; i < decisions.labels.size(); ++i) {
    const int64_t label = decisions.labels[i];
    all[at(label)] += 1;
    if (likeliest(decisions, i) == label) right[at(label)] += 1;
  }
  double sum = 0;
  double occurring = 0;
  for (size_t c = 0; c < all.size(); ++c) {
    if (all[c] == 0) continue;
    sum += right[c] / all[c];
    occurring += 1;
  }
  return sum / occurring;
}

double expected_calibration_error(const Decisions& decisions) {
  constexpr size_t kBins = 15;
  std::array<double, kBins> gaps{};  // by bin: summed confidence less right answers
  for (size_t i = 0; i < decisions.labels.size(); ++i) {
    const int64_t decided = likeliest(decisions, i);
    const double confidence = row_of(decisions, i)[decided];
    // A bin holds its upper end and not its lower one.
    const double place = std::ceil(confidence * kBins) - 1;
    const auto bin = static_cast<size_t>(std::clamp<double>(place, 0, kBins - 1));
    gaps[bin] += confidence - (decided == decisions.labels[i] ? 1 : 0);
  }
  double sum = 0;
  for (const double gap : gaps) sum += std::abs(gap);
  return sum / static_cast<double>(decisions.labels.size());
}

double expected_cost(const Decisions& decisions, const CostMatrix& costs) {
  double sum = 0;
  for (size_t i = 0; i < decisions.labels.size(); ++i) {
    const double* row = row_of(decisions, i);
    std::vector<double> risks(costs.size());
    for (size_t decided = 0; decided < costs.size(); ++decided) {
      for (size_t truth = 0; truth < costs.size(); ++truth) {
        risks[decided] += row[truth] * costs[truth][decided];
      }
    }
    const auto decided = std::min_element(risks.begin(), risks.end()) - risks.begin();
    sum += costs[at(decisions.labels[i])][at(decided)];
  }
  return sum / static_cast<double>(decisions.labels.size());
}

double roc_auc(const Decisions& decisions) {
  const auto counts = counts_by_score(decisions);
  const Counts all = sum_of(counts);
  double above = 0;  // of class 1
  double pairs = 0;
  for (const Counts& part : counts) {
    pairs += part.negative * (above + part.positive / 2);
    above += part.positive;
  }
  return pairs / (all.negative * all.positive);
}

double average_precision(const Decisions& decisions) {
  const auto counts = counts_by_score(decisions);
  const Counts all = sum_of(counts);
  Counts above;
  double sum = 0;
  for (const Counts& part : counts) {
    above.negative += part.negative;
    above.positive += part.positive;
    sum += part.positive * above.positive / (above.positive + above.negative);
  }
  return sum / all.positive;
}

double sensitivity_at_95_specificity(const Decisions& decisions) {
  const auto counts = counts_by_score(decisions);
  const Counts all = sum_of(counts);
  Counts above;
  for (const Counts& part : counts) {
    if (20 * (above.negative + part.negative) > all.negative) break;
    above.negative += part.negative;
    above.positive += part.positive;
  }
  return above.positive / all.positive;
}

double precision_at_recall(const Decisions& decisions, double recall) {
  const auto counts = counts_by_score(decisions);
  const double needed = recall * sum_of(counts).positive * (1 - 1e-12);
  Counts above;
  double best = 0;
  for (const Counts& part : counts) {
    above.negative += part.negative;
    above.positive += part.positive;
    if (above.positive < needed) continue;
    best = std::max(best, above.positive / (above.positive + above.negative));
  }
  return best;
}

double brier_score(const Decisions& decisions) {
  double sum = 0;
  for (size_t i = 0; i < decisions.labels.size(); ++i) {
    const double distance = row_of(decisions, i)[1] - static_cast<double>(decisions.labels[i]);
    sum += distance * distance;
  }
  return sum / static_cast<double>(decisions.labels.size());
}

std::map<std::string, double> decision_metrics(const Decisions& decisions,
                                               const DecisionQuestions& questions) {
  const CostMatrix& costs = questions.costs;
  std::map<std::string, double> metrics;
  const bool finite = std::all_of(decisions.probabilities.begin(), decisions.probabilities.end(),
                                  [](double value) { return std::isfinite(value); });
  if (!finite || decisions.labels.empty()) return metrics;
  if (decisions.classes == 2 || !costs.empty()) {
    metrics["balanced_accuracy"] = 100 * balanced_accuracy(decisions);
  }
  if (!costs.empty()) metrics["expected_cost"] = expected_cost(decisions, costs);
  if (decisions.classes != 2) return metrics;
  metrics["brier"] = brier_score(decisions);
  metrics["calibration_error"] = expected_calibration_error(decisions);
  const auto& labels = decisions.labels;
  if (std::equal(labels.begin() + 1, labels.end(), labels.begin())) return metrics;
  metrics["roc_auc"] = roc_auc(decisions);
  metrics["average_precision"] = average_precision(decisions);
  metrics["sensitivity_at_95_specificity"] = 100 * sensitivity_at_95_specificity(decisions);
  if (questions.recall > 0) {
    metrics["precision_at_recall"] = 100 * precision_at_recall(decisions, questions.recall);
  }
  return metrics;
}

std::vector<std::string> decision_metric_names(const DecisionQuestions& questions) {
  std::vector<std::string> names{"balanced_accuracy", "brier",
                                 "calibration_error", "roc_auc",
                                 "average_precision", "sensitivity_at_95_specificity"};
  if (!questions.costs.empty()) names.emplace_back("expected_cost");
  if (questions.recall > 0) names.emplace_back("precision_at_recall");
  return names;
}

}  // namespace nas
