#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nas/search/pareto.hpp"
#include "nas/search/trial.hpp"

namespace nas {

class Section;

enum class Goal { maximize, minimize };

struct Objective {
  std::string metric = "validation_accuracy";
  Goal goal = Goal::maximize;
};

using Objectives = std::vector<Objective>;

void describe(Section& section, Objective& objective);

/// The value of an objective turned so that larger is better; nothing where the trial has none, or
/// was not evaluated but only screened.
std::optional<double> utility(const Objective& objective, const Trial& trial);

/// Of all objectives; nothing where the trial has not all of them.
std::optional<Utilities> utilities(const Trial& trial, const Objectives& objectives);

/// Index of the best complete trial by the first objective, the earliest among equals; where none
/// has that metric, of the first supernet that derived a point.
std::optional<size_t> best_trial(std::span<const Trial> trials, const Objectives& objectives);

/// Indices of the complete trials that no other one dominates, in trial order.
std::vector<size_t> pareto_front(std::span<const Trial> trials, const Objectives& objectives);

}  // namespace nas
