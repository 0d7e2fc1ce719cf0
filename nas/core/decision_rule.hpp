#pragma once

#include <limits>
#include <map>
#include <string>

#include "nas/core/decision_metrics.hpp"

namespace nas {

/// How decisions between classes are made from a network's outputs; fitted to examples that are not
/// those on which it is judged.
struct DecisionRule {
  /// By which the outputs are divided before the softmax.
  double temperature = 1;
  /// Class 1 of two is decided for where its probability, at that temperature, is at least this;
  /// NaN: the likeliest class.
  double threshold = std::numeric_limits<double>::quiet_NaN();
};

/// The probabilities that outputs divided by `temperature` have.
Decisions at_temperature(Decisions decisions, double temperature);

/// The temperature, from 0.05 to 20, with the least mean cross entropy (Guo et al. 2017, section
/// 4.2), to a relative precision of 1e-6.
double fitted_temperature(const Decisions& decisions);

/// The following are of two classes, of which class 1 is looked for; both must occur. A threshold
/// is put halfway between the probabilities on both sides of it; the lower of several that serve
/// alike.

/// The threshold of least cost; `costs` is 2 x 2.
double cheapest_threshold(const Decisions& decisions, const CostMatrix& costs);

/// The lowest threshold that at least a share `specificity` of class 0 stays below.
double threshold_of_specificity(const Decisions& decisions, double specificity);

/// sensitivity_at_threshold, specificity_at_threshold and, where class 1 is decided for at all,
/// precision_at_threshold, all in percent; with costs cost_at_threshold, the mean.
std::map<std::string, double> metrics_at_threshold(const Decisions& decisions, double threshold,
                                                   const CostMatrix& costs);

}  // namespace nas
