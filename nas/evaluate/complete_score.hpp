#pragma once

#include <memory>
#include <optional>
#include <string>

#include "nas/search/evaluator.hpp"
#include "nas/search/objective.hpp"

namespace nas {

/// Why these metrics are no score: "no metric 'loss', which is an objective, among cost, time";
/// nothing where they have all objectives.
std::optional<std::string> lacking_objective(const Objectives& objectives, const Metrics& metrics);

/// The evaluator with every score of a point that lacks an objective made a Failure: a program
/// may report anything, and a score before training may not be a number.
std::unique_ptr<Evaluator> make_complete_score(std::unique_ptr<Evaluator> evaluator,
                                               Objectives objectives);

}  // namespace nas
