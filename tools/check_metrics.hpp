#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/assemble.hpp"

namespace nas {

/// Names of the metrics that scores can have, beside counts of networks and what is measured: all
/// that the data may have a part in, a superset of those of one run.
std::vector<std::string> trained_metrics(const TrainConfig& config,
                                         const std::optional<ScreenOptions>& screen,
                                         const Space& space);
std::vector<std::string> one_shot_metrics(const OneShotConfig& config);
std::vector<std::string> zero_cost_metrics(const ZeroCostOptions& options);

/// Throws ConfigError, at its line, for an objective or a constraint with a metric that no score
/// can have, as far as that is known before there is one.
void check_metrics(const Experiment& experiment);

}  // namespace nas
