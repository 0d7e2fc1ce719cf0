#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nas/search/goal.hpp"
#include "nas/search/pareto.hpp"
#include "nas/search/trial.hpp"

namespace nas {

class Section;

struct Objective {
  std::string metric = "validation_accuracy";
  Goal goal = Goal::maximize;
};

using Objectives = std::vector<Objective>;

void describe(Section& section, Objective& objective);

/// The value of an objective turned so that larger is better; nothing where the trial has none, was
/// stopped, or was not evaluated but only screened.
std::optional<double> utility(const Objective& objective, const Trial& trial);

/// Whether a trial beats another one: with a score where the other has none, by a larger budget
/// (scores of different budgets do not compare; 0, the evaluator's own, is the largest), by a
/// better score, or by having been proposed earlier.
bool beats(const Objective& objective, const Trial& trial, const Trial& other);

/// Of all objectives; nothing where the trial has not all of them.
std::optional<Utilities> utilities(const Trial& trial, const Objectives& objectives);

/// Index of the complete trial that beats all others by the first objective; where none has that
/// metric, of the first supernet that derived a point whose own evaluation did not fail.
std::optional<size_t> best_trial(std::span<const Trial> trials, const Objectives& objectives);

/// Indices of the complete trials that no other one dominates, in trial order, out of those with
/// the largest budget that any has; of trials of one point with the same results the first.
std::vector<size_t> pareto_front(std::span<const Trial> trials, const Objectives& objectives);

}  // namespace nas
