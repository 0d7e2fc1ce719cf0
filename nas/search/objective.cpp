#include "nas/search/objective.hpp"

#include <algorithm>
#include <array>

#include "nas/config/section.hpp"

namespace nas {
namespace {

constexpr std::array<std::pair<std::string_view, Goal>, 2> kGoals{
    {{"maximize", Goal::maximize}, {"minimize", Goal::minimize}}};

/// The first point that a supernet derived, for searches that evaluate none on its own.
std::optional<size_t> first_derived(std::span<const Trial> trials) {
  for (size_t i = 0; i < trials.size(); ++i) {
    const bool derived = trials[i].job == Job::supernet && trials[i].point.has_value();
    if (derived && trials[i].state == TrialState::complete) return i;
  }
  return std::nullopt;
}

}  // namespace

void describe(Section& section, Objective& objective) {
  section.required({"metric"});
  section.text("metric", objective.metric, "name of the metric, as the evaluator reports it");
  section.one_of("goal", objective.goal, kGoals, "which way is better");
}

std::optional<double> utility(const Objective& objective, const Trial& trial) {
  if (trial.job == Job::screen) return std::nullopt;
  const auto metric = trial.metrics.find(objective.metric);
  if (trial.state != TrialState::complete || metric == trial.metrics.end()) return std::nullopt;
  return objective.goal == Goal::maximize ? metric->second : -metric->second;
}

std::optional<Utilities> utilities(const Trial& trial, const Objectives& objectives) {
  Utilities values;
  for (const auto& objective : objectives) {
    const auto value = utility(objective, trial);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

std::optional<size_t> best_trial(std::span<const Trial> trials, const Objectives& objectives) {
  std::optional<size_t> best;
  double best_utility = 0;
  for (size_t i = 0; i < trials.size(); ++i) {
    const auto value = utility(objectives.front(), trials[i]);
    if (!value || !trials[i].point || (best && *value <= best_utility)) continue;
    best = i;
    best_utility = *value;
  }
  return best ? best : first_derived(trials);
}

std::vector<size_t> pareto_front(std::span<const Trial> trials, const Objectives& objectives) {
  std::vector<std::pair<size_t, Utilities>> scored;
  for (size_t i = 0; i < trials.size(); ++i) {
    auto values = utilities(trials[i], objectives);
    if (values && trials[i].point) scored.emplace_back(i, std::move(*values));
  }
  std::vector<size_t> front;
  for (const auto& one : scored) {
    const bool dominated = std::any_of(scored.begin(), scored.end(), [&](const auto& other) {
      return dominates(other.second, one.second);
    });
    if (!dominated) front.push_back(one.first);
  }
  return front;
}

}  // namespace nas
