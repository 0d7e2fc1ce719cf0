#pragma once

#include <optional>
#include <span>

#include "nas/search/objective.hpp"

namespace nas {

/// Hypervolume of the trials' Pareto front above the worst value that any complete trial has of
/// each objective, in the product of the objectives' units; comparable only within one run. Nothing
/// with fewer than two objectives or without a complete trial.
std::optional<double> front_volume(std::span<const Trial> trials, const Objectives& objectives);

}  // namespace nas
