#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nas {

/// What a classifier says of examples, and what is true.
struct Decisions {
  int64_t classes = 0;
  std::vector<double> probabilities;  // [examples, classes], finite
  std::vector<int64_t> labels;        // [examples], 0 .. classes - 1
};

/// By true class, then by decided class.
using CostMatrix = std::vector<std::vector<double>>;

/// Mean over the classes that occur of the share of their examples whose likeliest class is right.
double balanced_accuracy(const Decisions& decisions);

/// Over confidences, the probabilities of the likeliest classes, in 15 bins of equal width: the
/// mean distance from a bin's mean confidence to its share of right answers, by its examples (Guo
/// et al. 2017, equation 3).
double expected_calibration_error(const Decisions& decisions);

/// Mean cost where the class of least expected cost under the given probabilities is decided for
/// (Elkan 2001, equation 1); no threshold is fitted. `costs` is classes x classes.
double expected_cost(const Decisions& decisions, const CostMatrix& costs);

/// The following are of two classes, of which class 1 is looked for; both must occur.

/// Area under the receiver operating characteristic; ties count half.
double roc_auc(const Decisions& decisions);
/// Precision summed over the steps of recall, without interpolation.
double average_precision(const Decisions& decisions);
/// Largest share of class 1 found by a threshold that at least 95 % of class 0 stays below: of
/// these very examples, so it says how well classes are told apart, not what a threshold fixed
/// before would find.
double sensitivity_at_95_specificity(const Decisions& decisions);
/// Largest precision of a threshold at which at least a share `recall` of class 1 is found: of
/// these very examples, too.
double precision_at_recall(const Decisions& decisions, double recall);
/// Mean squared distance from the probability of class 1 to what is true.
double brier_score(const Decisions& decisions);

/// What decides which metrics there are, and how they are taken.
struct DecisionQuestions {
  CostMatrix costs;   // empty: none
  double recall = 0;  // of precision_at_recall; 0: without it
};

/// Of two classes: balanced_accuracy, sensitivity_at_95_specificity and precision_at_recall in
/// percent, roc_auc, average_precision, brier and calibration_error; where costs are given
/// balanced_accuracy and expected_cost for any number of classes. Without what is not defined, as
/// where a class does not occur.
std::map<std::string, double> decision_metrics(const Decisions& decisions,
                                               const DecisionQuestions& questions);

/// Names of what it gives for these questions where the decisions are such that all is defined.
std::vector<std::string> decision_metric_names(const DecisionQuestions& questions);

}  // namespace nas
