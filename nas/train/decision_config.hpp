#pragma once

#include <string>
#include <vector>

#include "nas/core/decision_metrics.hpp"

namespace nas {

class Section;

/// balanced: a class of n of N examples in K classes weighs N / (K n) in the loss.
enum class ClassWeights { none, balanced };

/// Where mistakes are not alike.
struct DecisionConfig {
  ClassWeights class_weights = ClassWeights::none;
  /// By true class, in the order of the data set's, the costs of deciding for each class: "0 1".
  /// Empty: no costs.
  std::vector<std::string> cost_matrix;
};

void describe(Section& section, DecisionConfig& config);

/// The numbers of `rows`. Throws InputError where they are not as many in each row as there are
/// rows, or not finite and 0 or more.
CostMatrix parse_costs(const std::vector<std::string>& rows);

}  // namespace nas
