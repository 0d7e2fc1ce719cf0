#include "nas/train/decision_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

using namespace std::string_view_literals;

constexpr std::array kClassWeights{std::pair{"none"sv, ClassWeights::none},
                                   std::pair{"balanced"sv, ClassWeights::balanced}};
constexpr std::array kThresholds{std::pair{"none"sv, ThresholdRule::none},
                                 std::pair{"cost"sv, ThresholdRule::cost},
                                 std::pair{"specificity"sv, ThresholdRule::specificity}};

std::vector<double> numbers_of(std::string_view row) {
  std::vector<double> numbers;
  const char* const end = row.data() + row.size();
  for (const char* at = row.data(); at != end;) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    double value = -1;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !std::isfinite(value) || value < 0) {
      throw InputError("found '" + std::string(row) + "', expected costs of 0 or more: \"0 1\"");
    }
    numbers.push_back(value);
    at = next;
  }
  return numbers;
}

void describe_costs(Section& section, DecisionConfig& config) {
  section.texts("cost_matrix", config.cost_matrix,
                "a text a true class, in the classes' order: what deciding for each class costs, "
                "[\"0 1\", \"5 0\"]; gives the metric expected_cost");
  try {
    parse_costs(config.cost_matrix);
  } catch (const InputError& error) {
    section.mistake("cost_matrix", error.what());
  }
}

void describe_rule(Section& section, DecisionConfig& config) {
  section.integer("validation_folds", config.validation_folds, {0, 1000, "parts"},
                  "cross-validation: a candidate is trained so many times, each time without one "
                  "part of all but the test data, and scored on that part; its metrics are their "
                  "means; 0: one training, scored on the validation split");
  section.one_of(
      "threshold", config.threshold, kThresholds,
      "of two classes: how a retraining chooses the probability from which on it decides "
      "for class 1, on validation data: by least cost, or so that `specificity` is kept");
  section.real("specificity", config.specificity, {0, 1, ""},
               "share of class 0 below the threshold, for threshold: specificity");
  section.boolean(
      "calibrate", config.calibrate,
      "a retraining fits a temperature, by which outputs are divided, on validation data");
  if (config.validation_folds == 1) {
    section.mistake("validation_folds", "found 1, expected 0, or 2 or more");
  }
  if (config.threshold == ThresholdRule::cost && config.cost_matrix.size() != 2) {
    section.mistake("threshold", "cost needs a cost_matrix of two classes");
  }
}

}  // namespace

CostMatrix parse_costs(const std::vector<std::string>& rows) {
  CostMatrix costs;
  for (const std::string& row : rows) {
    costs.push_back(numbers_of(row));
    if (costs.back().size() != rows.size()) {
      throw InputError("found " + std::to_string(costs.back().size()) + " costs in '" + row +
                       "', expected as many as there are rows, " + std::to_string(rows.size()));
    }
  }
  return costs;
}

void describe(Section& section, DecisionConfig& config) {
  section.one_of("class_weights", config.class_weights, kClassWeights,
                 "balanced: in the loss, classes weigh the same however many examples they have");
  section.real("focal_gamma", config.focal_gamma, {0, 100, ""},
               "exponent of the focal loss, which heeds examples less that are told well; 0: cross "
               "entropy");
  describe_costs(section, config);
  section.real("precision_at_recall", config.precision_at_recall, {0, 1, ""},
               "of two classes: share of class 1 that is to be found, for the metric "
               "precision_at_recall; 0: without it");
  describe_rule(section, config);
}

DecisionQuestions questions_of(const DecisionConfig& config) {
  return {parse_costs(config.cost_matrix), config.precision_at_recall};
}

std::vector<std::string> score_metrics(const DecisionQuestions& questions,
                                       const std::string& split) {
  std::vector<std::string> names{split + "_accuracy", split + "_loss"};
  for (const auto& name : decision_metric_names(questions)) {
    names.push_back(fmt::format("{}_{}", split, name));
  }
  return names;
}

DecisionRule fit_rule(const DecisionConfig& config, const Decisions& validation) {
  DecisionRule rule;
  if (validation.labels.empty()) {
    throw InputError("threshold, calibrate: no validation data to fit them on");
  }
  if (config.calibrate) rule.temperature = fitted_temperature(validation);
  if (config.threshold == ThresholdRule::none) return rule;
  const auto positive = std::count(validation.labels.begin(), validation.labels.end(), 1);
  if (validation.classes != 2 || positive == 0 || positive == std::ssize(validation.labels)) {
    throw InputError("threshold: expected validation data of two classes that both occur");
  }
  const Decisions decisions = at_temperature(validation, rule.temperature);
  rule.threshold = config.threshold == ThresholdRule::cost
                       ? cheapest_threshold(decisions, parse_costs(config.cost_matrix))
                       : threshold_of_specificity(decisions, config.specificity);
  return rule;
}

}  // namespace nas
