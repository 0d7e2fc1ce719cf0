#include "tools/check_metrics.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"
#include "nas/evaluate/measured.hpp"
#include "nas/hardware/hardware_config.hpp"
#include "nas/search/compression.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Whether points of the space may set an option of the training: as a choice, which another one
/// may have to ask for, or as a fixed value.
bool sets(const Space& space, std::string_view option) {
  const auto& choices = space.choices();
  const bool chosen = std::any_of(choices.begin(), choices.end(), [&](const Choice& choice) {
    return choice.name == option || choice.name.ends_with(fmt::format(".{}", option));
  });
  RandomStream random(0, "metrics.settings");
  const Settings settings = space.settings(sample(choices, random));
  return chosen || std::any_of(settings.begin(), settings.end(),
                               [&](const auto& setting) { return setting.first == option; });
}

/// What is counted of the networks of a space.
std::vector<std::string> counts_of(const Space& space) {
  RandomStream random(0, "metrics.counts");
  try {
    if (!space.network(sample(space.choices(), random))) return {};
  } catch (const InputError&) {  // this one does not fit the data, others do
  }
  if (!compresses(space)) return {"parameters", "multiply_adds"};
  return {kCounts.begin(), kCounts.end()};
}

/// Each name once.
std::vector<std::string> possible_metrics(const Experiment& experiment) {
  const auto space = experiment.make_space();
  std::vector<std::string> names;
  const auto add = [&](const auto& more) {
    for (const auto& name : more) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
    }
  };
  add(experiment.score_names(*space));
  add(counts_of(*space));
  add(kHardwareMetrics);
  return names;
}

/// Whether it is one of those that the training of a supernet reports, of which some are named
/// after parts of the space.
bool tells_of_supernet(std::string_view metric) {
  constexpr std::array<std::string_view, 4> kBeginnings{"supernet_", "architecture_entropy",
                                                        "dominant_eigenvalue", "skip_connections"};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&](auto beginning) { return metric.starts_with(beginning); });
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string problem(const std::string& metric, const std::vector<std::string>& names) {
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const auto longer = std::find_if(candidates.begin(), candidates.end(),
                                   [&](auto name) { return name.starts_with(metric); });
  const auto near = longer != candidates.end() ? *longer : nearest(metric, candidates);
  const std::string hint = near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
  std::vector<std::string> shown;
  shown.reserve(names.size());
  for (const auto& name : names) shown.push_back(printable(name));
  return fmt::format("found '{}', expected one of {}{}", printable(metric), fmt::join(shown, ", "),
                     hint);
}

bool is_reported(const Experiment& experiment, const std::string& metric,
                 const std::vector<std::string>& names) {
  return contains(names, metric) || (experiment.trains_supernet && tells_of_supernet(metric));
}

/// What is wrong with the metric that decides which trials are given up early, which is one that
/// they tell on their way: counts and measurements they do not. Empty where nothing is.
std::string stopping_problem(const Experiment& experiment) {
  if (!experiment.stopping) return "";
  const auto rule = experiment.stopping(experiment.config.objectives.front());
  if (!rule) return "";
  const auto names = experiment.score_names(*experiment.make_space());
  return is_reported(experiment, rule->metric(), names) ? "" : problem(rule->metric(), names);
}

void complain(Section& section, const Experiment& experiment,
              const std::vector<std::string>& names) {
  bool given = false;
  section.items("objectives", "", [&](Section& item) {
    Objective objective;
    describe(item, objective);
    given = true;
    if (is_reported(experiment, objective.metric, names)) return;
    item.mistake("metric", problem(objective.metric, names));
  });
  const std::string& usual = experiment.config.objectives.front().metric;
  if (!given && !is_reported(experiment, usual, names)) {
    section.mistake("objectives", "where none is given, " + problem(usual, names));
  }
  for (const auto& constraint : experiment.config.constraints) {
    if (contains(names, constraint.metric)) continue;
    section.mistake("constraints", problem(constraint.metric, names));
  }
  const std::string stopping = stopping_problem(experiment);
  if (stopping.empty()) return;
  section.section("stopping", "", [&](Section& part) { part.mistake("metric", stopping); });
}

}  // namespace

std::vector<std::string> trained_metrics(const TrainConfig& config,
                                         const std::optional<ScreenOptions>& screen,
                                         const Space& space) {
  DecisionQuestions questions = questions_of(config.decision);
  if (sets(space, "cost_matrix")) questions.costs = {{0}};
  if (sets(space, "precision_at_recall")) questions.recall = 1;
  std::vector<std::string> names = score_metrics(questions, "validation");
  names.insert(names.end(), {"train_accuracy", "train_loss"});
  if (screen) names.push_back(screen->metric);
  return names;
}

std::vector<std::string> one_shot_metrics(const OneShotConfig& config) {
  return score_metrics(questions_of(config.training.decision), "validation");
}

std::vector<std::string> zero_cost_metrics(const ZeroCostOptions& options) {
  std::vector<std::string> names = options.metrics;
  if (!options.table) return names;
  const auto more = table_metrics(*options.table);
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

void check_metrics(const Experiment& experiment) {
  if (!experiment.score_names) return;
  const auto names = possible_metrics(experiment);
  const auto known = [&](const auto& part) { return contains(names, part.metric); };
  const auto known_objective = [&](const Objective& objective) {
    return is_reported(experiment, objective.metric, names);
  };
  const auto& objectives = experiment.config.objectives;
  const auto& constraints = experiment.config.constraints;
  if (std::all_of(objectives.begin(), objectives.end(), known_objective) &&
      std::all_of(constraints.begin(), constraints.end(), known) &&
      stopping_problem(experiment).empty()) {
    return;
  }
  // Read once more: the lines are known while it is read, the metrics only after.
  read_config(experiment.file, experiment.overrides, [&](Section& section) {
    Experiment again;
    describe(section, again, TensorParts());
    complain(section, experiment, names);
  });
}

}  // namespace nas
