#pragma once

#include <vector>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

/// What all controllers have that give many points little and few points much. Budgets are in units
/// of the evaluator: epochs of a training.
struct HalvingOptions {
  double min_budget = 1;
  /// 0: the evaluator's own, or 81 (the paper's) where it has none.
  double max_budget = 0;
  /// One in so many points is promoted, to so many times the budget.
  double eta = 3;
};

void describe(Section& section, HalvingOptions& options);

/// Most that a point is given: max_budget; where that is 0 the evaluator's own, or 81.
Budget whole_budget(double max_budget, const SearchContext& context);

/// Budgets of the rungs, ascending: max_budget, and that divided by eta as often as it stays at
/// least min_budget (Li et al. 2018, section 3). Whole numbers where both ends are.
std::vector<Budget> rung_budgets(const HalvingOptions& options, const SearchContext& context);

}  // namespace nas
