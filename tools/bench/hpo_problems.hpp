#pragma once

#include <string_view>
#include <vector>

#include "nas/search/choice.hpp"

namespace nas {

/// A function of parameters with a known least value.
struct HpoProblem {
  std::string_view name;
  Choices choices;
  double minimum = 0;
  double (*value)(const Point&) = nullptr;
  /// Standard deviation of the normal noise that a search sees on top of the value.
  double noise = 0;
};

/// Branin, Hartmann 6, Ackley 5, Levy 4 and Rosenbrock 4 as published comparisons use them, others
/// of their kind, two of them with noise.
std::vector<HpoProblem> continuous_problems();

/// Whole, ordered, unordered and conditional parameters, in the likeness of trainings.
std::vector<HpoProblem> mixed_problems();

}  // namespace nas
