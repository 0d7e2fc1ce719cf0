#include "nas/cooling/scenario.hpp"

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"

namespace nas {

void describe(Section& section, ScenarioConfig& config) {
  section.texts("sites", config.sites, "names of sites");
  section.integer("first", config.first, {0, kWeeksOfYear - 1, "weeks"}, "the first week, from 0");
  section.integer("every", config.every, {1, kWeeksOfYear, "weeks"}, "from one week to the next");
  if (config.sites.empty()) section.mistake("sites", "names no site");
}

std::vector<TimeWindow> weeks_of(const ScenarioConfig& config, const Traces& traces) {
  std::vector<TimeWindow> windows;
  for (const auto& name : config.sites) {
    const auto found = std::find(traces.names.begin(), traces.names.end(), name);
    if (found == traces.names.end()) throw InputError("site '" + name + "' has no weather");
    const auto site = static_cast<size_t>(found - traces.names.begin());
    for (int64_t week = config.first; week < kWeeksOfYear; week += config.every) {
      windows.push_back({site, week * kStepsPerWeek, kStepsPerWeek});
    }
  }
  return windows;
}

}  // namespace nas
