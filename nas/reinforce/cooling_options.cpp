#include "nas/reinforce/cooling_options.hpp"

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/cooling/policy_view.hpp"

namespace nas {
namespace {

bool same_weeks(const ScenarioConfig& a, const ScenarioConfig& b) {
  for (int64_t week = a.first; week < kWeeksOfYear; week += a.every) {
    if (week >= b.first && (week - b.first) % b.every == 0) return true;
  }
  return false;
}

bool share(const ScenarioConfig& a, const ScenarioConfig& b) {
  return same_weeks(a, b) && std::any_of(a.sites.begin(), a.sites.end(), [&](const auto& site) {
           return std::find(b.sites.begin(), b.sites.end(), site) != b.sites.end();
         });
}

}  // namespace

void describe(Section& section, CoolingOptions& options) {
  describe(section, options.ppo);
  describe(section, options.traces);
  const auto scenario = [&](std::string_view name, ScenarioConfig& config,
                            std::string_view meaning) {
    section.section(name, meaning, [&](Section& inner) { describe(inner, config); });
  };
  scenario("train", options.train, "weeks and sites to learn in");
  scenario("validation", options.validation, "weeks and sites that candidates are scored in");
  scenario("test", options.test, "weeks and sites that the stage retrain tests in");
  if (share(options.train, options.validation)) {
    section.mistake("validation", "has a week of a site that `train` has, too");
  }
  if (share(options.train, options.test) || share(options.validation, options.test)) {
    section.mistake("test", "has a week of a site that `train` or `validation` has, too");
  }
}

std::vector<std::string> sites_of(const CoolingOptions& options) {
  std::vector<std::string> sites;
  for (const auto* scenario : {&options.train, &options.validation, &options.test}) {
    sites.insert(sites.end(), scenario->sites.begin(), scenario->sites.end());
  }
  return sites;
}

TaskShape cooling_task() { return {{kObservations, 1, 1}, kLevers + 1}; }

}  // namespace nas
