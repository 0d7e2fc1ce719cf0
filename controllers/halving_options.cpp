#include "controllers/halving_options.hpp"

#include <algorithm>
#include <cmath>

#include "nas/config/section.hpp"

namespace nas {
namespace {

/// R of Li et al. 2018, table 1.
constexpr Budget kUsualBudget = 81;
/// Forgives the rounding of logarithms: log(243) / log(3) is 4.999...
constexpr double kSlack = 1e-9;

bool is_whole(double value) { return std::nearbyint(value) == value; }

}  // namespace

void describe(Section& section, HalvingOptions& options) {
  section.real("min_budget", options.min_budget, {1e-9, 1e12, ""},
               "least that a point is given, in units of the evaluator: epochs");
  section.real("max_budget", options.max_budget, {0, 1e12, ""},
               "most that a point is given; 0: evaluator.epochs, or 81 for other evaluators");
  section.real("eta", options.eta, {2, 1000, ""},
               "one in so many points goes on, with so many times the budget");
  if (options.max_budget > 0 && options.max_budget < options.min_budget) {
    section.mistake("max_budget", "is less than min_budget");
  }
}

Budget whole_budget(double max_budget, const SearchContext& context) {
  if (max_budget > 0) return max_budget;
  return context.own_budget > 0 ? context.own_budget : kUsualBudget;
}

std::vector<Budget> rung_budgets(const HalvingOptions& options, const SearchContext& context) {
  const Budget most = whole_budget(options.max_budget, context);
  const double ratio = std::max(most / options.min_budget, 1.0);
  const auto halvings =
      static_cast<int64_t>(std::floor(std::log(ratio) / std::log(options.eta) + kSlack));
  const bool whole = is_whole(most) && is_whole(options.min_budget);
  std::vector<Budget> budgets;
  for (int64_t i = halvings; i >= 0; --i) {
    const Budget budget = most * std::pow(options.eta, -static_cast<double>(i));
    budgets.push_back(whole ? std::round(budget) : budget);
  }
  return budgets;
}

}  // namespace nas
