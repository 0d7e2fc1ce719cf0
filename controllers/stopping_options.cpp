#include "controllers/stopping_options.hpp"

#include <algorithm>
#include <cmath>

#include "nas/config/section.hpp"

namespace nas {
namespace {

/// As numpy.percentile has it: linear between the two nearest ranks.
double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(std::floor(at));
  const size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], at - std::floor(at));
}

}  // namespace

Objective compared(const StoppingOptions& options, const Objective& first) {
  return {options.metric.empty() ? first.metric : options.metric, first.goal};
}

void describe(Section& section, StoppingOptions& options) {
  section.text("metric", options.metric,
               "that trials report on their way; the first objective's where none is given");
  section.integer("startup_trials", options.startup_trials, {1, 1'000'000, "trials"},
                  "complete ones before any is stopped");
  section.integer("warmup_steps", options.warmup_steps, {0, 1'000'000'000, "steps"},
                  "no trial is stopped before it has done so many (epochs of a training)");
  section.integer("interval", options.interval, {1, 1'000'000'000, "steps"},
                  "from one check to the next");
  section.integer("minimum_trials", options.minimum_trials, {1, 1'000'000, "trials"},
                  "that must have come to a step for others to be stopped there");
}

Cutoffs cutoffs_at(const std::map<int64_t, std::vector<double>>& values, double share,
                   const StoppingOptions& options, const Objective& objective) {
  Cutoffs cutoffs{objective.metric, objective.goal, {}};
  const double from_least = objective.goal == Goal::maximize ? share : 1 - share;
  for (const auto& [step, list] : values) {
    const bool checked =
        step >= options.warmup_steps && (step - options.warmup_steps) % options.interval == 0;
    if (!checked || static_cast<int64_t>(list.size()) < options.minimum_trials) continue;
    cutoffs.at[step] = quantile(list, from_least);
  }
  return cutoffs;
}

}  // namespace nas
