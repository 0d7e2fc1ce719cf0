#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/core/decision_metrics.hpp"
#include "nas/core/decision_rule.hpp"

namespace nas {

class Section;

/// balanced: a class of n of N examples in K classes weighs N / (K n) in the loss.
enum class ClassWeights { none, balanced };

/// none: the likeliest class; cost: the threshold of least cost; specificity: the lowest one that a
/// given share of class 0 stays below.
enum class ThresholdRule { none, cost, specificity };

/// Where mistakes are not alike.
struct DecisionConfig {
  ClassWeights class_weights = ClassWeights::none;
  /// By true class, in the order of the data set's, the costs of deciding for each class: "0 1".
  /// Empty: no costs.
  std::vector<std::string> cost_matrix;
  /// Exponent of the focal loss (Lin et al. 2017); 0: cross entropy.
  double focal_gamma = 0;
  /// Share of class 1 at which precision_at_recall is taken; 0: without that metric.
  double precision_at_recall = 0;
  /// How a retraining chooses a threshold on validation data.
  ThresholdRule threshold = ThresholdRule::none;
  /// Of ThresholdRule::specificity.
  double specificity = 0.95;
  /// Whether a retraining fits a temperature on validation data.
  bool calibrate = false;
  /// Parts into which training and validation data fall, for a network each that is scored on that
  /// part; 0: one network, scored on the validation split.
  int64_t validation_folds = 0;

  bool fits_rule() const { return calibrate || threshold != ThresholdRule::none; }
};

void describe(Section& section, DecisionConfig& config);

/// The numbers of `rows`. Throws InputError where they are not as many in each row as there are
/// rows, or not finite and 0 or more.
CostMatrix parse_costs(const std::vector<std::string>& rows);

/// What scores are to say.
DecisionQuestions questions_of(const DecisionConfig& config);

/// Names of the metrics of scores (nas/train/score.hpp) on a split.
std::vector<std::string> score_metrics(const DecisionQuestions& questions,
                                       const std::string& split);

/// What is to be fitted, fitted to predictions for examples of two classes that were not learnt
/// from (a temperature: of any number of classes). Throws InputError where they do not serve.
DecisionRule fit_rule(const DecisionConfig& config, const Decisions& validation);

}  // namespace nas
