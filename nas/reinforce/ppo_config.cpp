#include "nas/reinforce/ppo_config.hpp"

#include "nas/config/section.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

void describe_play(Section& section, PpoConfig& config) {
  section.integer("iterations", config.iterations, {1, 1'000'000, "iterations"},
                  "each plays episodes, then learns from them");
  section.integer("environments", config.environments, {1, 1'000'000, "environments"},
                  "that are played side by side");
  section.integer("steps", config.steps, {2, 100'000, "steps"}, "of an episode");
}

void describe_learning(Section& section, PpoConfig& config) {
  section.integer("passes", config.passes, {1, 1000, "passes"}, "over an iteration's steps");
  section.integer("batches", config.batches, {1, 1000, "batches"}, "that a pass is split into");
  section.real("learning_rate", config.learning_rate, {0, 10, ""},
               "of Adam at the start; falls to 0 in a straight line");
  section.real("discount", config.discount, {0, 1, ""}, "weight of the next step's reward");
  section.real("trace", config.trace, {0, 1, ""},
               "lambda of generalized advantage estimation: 0 trusts values, 1 what was played");
  section.real("clip", config.clip, {1e-3, 10, ""}, "how far a probability may change by");
  section.real("entropy", config.entropy, {0, 10, ""}, "weight of the actions' entropy");
  section.real("value_weight", config.value_weight, {0, 100, ""}, "weight of the value's error");
  section.real("gradient_clip", config.gradient_clip, {0, 1e9, ""},
               "largest norm of all gradients together; 0: no clipping");
  section.real("deviation", config.deviation, {1e-3, 10, ""},
               "of the actions at the start, in halves of a lever's range");
}

}  // namespace

void describe(Section& section, PpoConfig& config) {
  describe_play(section, config);
  describe_learning(section, config);
  section.real("margin", config.margin, {0, 4, "K"},
               "by which the allowed range is narrowed while learning");
  section.real("penalty", config.penalty, {0, 1e6, ""},
               "taken off the reward for each K outside, at the start");
  section.real("penalty_rate", config.penalty_rate, {0, 1e6, ""},
               "by which it grows an iteration for each K outside over allowed_breach");
  section.real("allowed_breach", config.allowed_breach, {0, 10, "K"},
               "K outside, in the mean of an iteration, that leave the penalty as it is");
}

PpoConfig with_settings(PpoConfig config,
                        const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> overrides;
  overrides.reserve(settings.size());
  for (const auto& [name, value] : settings) {
    overrides.emplace_back(name).append("=").append(value);
  }
  try {
    read_config_text("{}", "ppo", overrides, [&](Section& section) { describe(section, config); });
  } catch (const ConfigError& error) {
    throw InputError(error.what());
  }
  return config;
}

std::string to_text(PpoConfig config) {
  return read_config_text("{}", "ppo", {}, [&](Section& section) { describe(section, config); });
}

double learning_rate_at(const PpoConfig& config, int64_t iteration) {
  return config.learning_rate *
         (1 - static_cast<double>(iteration) / static_cast<double>(config.iterations));
}

}  // namespace nas
