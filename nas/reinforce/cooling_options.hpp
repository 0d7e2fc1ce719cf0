#pragma once

#include "nas/cooling/scenario.hpp"
#include "nas/plan/network.hpp"
#include "nas/reinforce/ppo_config.hpp"

namespace nas {

/// `evaluator:` of type cooling: how a policy learns to cool a data hall, where, and where it is
/// scored. No two of the scenarios share a week of a site.
struct CoolingOptions {
  PpoConfig ppo;
  TracesConfig traces;
  ScenarioConfig train{{"tucson", "seattle", "chicago"}, 0, 2};
  ScenarioConfig validation{{"new_york"}, 1, 4};
  ScenarioConfig test{{"atlanta", "dallas"}, 3, 4};
};

void describe(Section& section, CoolingOptions& options);

/// Names of all sites of all scenarios.
std::vector<std::string> sites_of(const CoolingOptions& options);

/// What policy networks are built for: an observation as kObservations channels of one pixel; the
/// outputs are the mean of each lever's action, then the value of the state.
TaskShape cooling_task();

}  // namespace nas
