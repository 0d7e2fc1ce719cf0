#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/cooling/traces.hpp"

namespace nas {

class Section;

constexpr int64_t kStepsPerWeek = kStepsPerHour * 24 * 7;
constexpr int64_t kWeeksOfYear = 52;

/// Weeks at some sites: `first`, and every so many after it. Weather and load are of the same week.
struct ScenarioConfig {
  std::vector<std::string> sites;
  int64_t first = 0;
  int64_t every = 1;
};

/// Keys `sites`, `first`, `every`.
void describe(Section& section, ScenarioConfig& config);

/// Each week at each site. Sites are found in `traces` by name; throws InputError for one that is
/// not there.
std::vector<TimeWindow> weeks_of(const ScenarioConfig& config, const Traces& traces);

}  // namespace nas
