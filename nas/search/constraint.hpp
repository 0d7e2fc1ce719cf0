#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nas/search/trial.hpp"

namespace nas {

class Section;

enum class Bound { at_most, at_least };

/// What a metric must be: `parameters <= 1M`.
struct Constraint {
  std::string metric;
  Bound bound = Bound::at_most;
  double limit = 0;
  bool operator==(const Constraint&) const = default;
};

using Constraints = std::vector<Constraint>;

/// Reads `METRIC <= NUMBER` or `METRIC >= NUMBER`; the number may have a unit (parse_quantity),
/// that of latency, peak_memory and energy one that measures them. Throws InputError.
Constraint constraint_from_text(std::string_view text);

/// Reads the list `constraints`.
void describe(Section& section, Constraints& constraints);

/// Why these metrics break the constraint: "parameters: found 1200000, expected at most 1000000";
/// nothing where they keep it or lack the metric.
std::optional<std::string> breach(const Constraint& constraint, const Metrics& metrics);

/// The failure, of kind "constraint", of a trial with these metrics by the first that it breaks.
std::optional<Failure> failure_by(const Constraints& constraints, const Metrics& metrics);

}  // namespace nas
