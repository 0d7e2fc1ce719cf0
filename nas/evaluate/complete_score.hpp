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

/// The evaluator with every score of a point that lacks an objective made a Failure. For evaluators
/// whose metrics nobody knows before they come.
std::unique_ptr<Evaluator> make_complete_score(std::unique_ptr<Evaluator> evaluator,
                                               Objectives objectives);

}  // namespace nas
