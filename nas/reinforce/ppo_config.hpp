#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nas {

class Section;

/// Proximal policy optimization (Schulman et al. 2017, arXiv 1707.06347), with a multiplier for
/// constraints (Ray, Achiam, Amodei 2019, "Benchmarking safe exploration in deep reinforcement
/// learning", section 5: PPO-Lagrangian).
struct PpoConfig {
  int64_t iterations = 60;    // each plays episodes and then learns from them
  int64_t environments = 64;  // side by side
  int64_t steps = 48;         // of an episode
  int64_t passes = 6;         // over an iteration's steps
  int64_t batches = 4;        // a pass
  double learning_rate = 1e-3;
  double discount = .8;
  double trace = .9;  // lambda of generalized advantage estimation
  double clip = .2;
  double entropy = 0;
  double value_weight = .5;
  double gradient_clip = .5;
  double deviation = .4;  // of the actions at the start
  double margin = .3;     // K
  double penalty = .1;
  double penalty_rate = .05;
  double allowed_breach = .005;
};

void describe(Section& section, PpoConfig& config);

/// The configuration with some keys set, by name. Throws InputError for a name that it does not
/// have or a value that it does not take.
PpoConfig with_settings(PpoConfig config,
                        const std::vector<std::pair<std::string, std::string>>& settings);

/// The configuration as text, every key written out.
std::string to_text(PpoConfig config);

/// Falls from the configuration's to 0 over the iterations; `iteration` counts from 0.
double learning_rate_at(const PpoConfig& config, int64_t iteration);

}  // namespace nas
