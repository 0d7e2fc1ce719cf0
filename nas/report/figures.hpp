#pragma once

#include <optional>
#include <string>

#include "nas/core/json_fwd.hpp"
#include "nas/search/objective.hpp"

namespace nas {

/// `object[part][name]` where it is there and a number; `best` may be anything.
std::optional<double> figure_of(const Json& best, const char* part, const std::string& name);

/// A metric as people read it: 99.65 %, 1.40M, 361.1 us, 798.7 KB, 0.0545.
std::string figure_text(const std::string& name, double value);

/// Mean and deviation of a metric over the retrainings; nothing without retrainings.
std::optional<std::string> retrained_text(const Json& best, const std::string& name);

/// The figures that matter as cards, all of them as a folded table. Empty where `best` is null.
std::string render_figures(const Json& best, const Objectives& objectives);

}  // namespace nas
