#include "nas/search/objective.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

#include "nas/config/section.hpp"

namespace nas {
namespace {

constexpr std::array<std::pair<std::string_view, Goal>, 2> kGoals{
    {{"maximize", Goal::maximize}, {"minimize", Goal::minimize}}};

/// Whether a point was found to break a constraint, or not to train.
bool is_refused(const Point& point, std::span<const Trial> trials) {
  return std::any_of(trials.begin(), trials.end(), [&](const Trial& trial) {
    return trial.job == Job::evaluate && trial.state == TrialState::failed && trial.point == point;
  });
}

/// The first point that a supernet derived, for searches that evaluate none on its own.
std::optional<size_t> first_derived(std::span<const Trial> trials) {
  for (size_t i = 0; i < trials.size(); ++i) {
    const Trial& trial = trials[i];
    const bool derived = trial.job == Job::supernet && trial.state == TrialState::complete;
    if (derived && trial.point && !is_refused(*trial.point, trials)) return i;
  }
  return std::nullopt;
}

/// Larger than all others where it is the evaluator's own.
Budget comparable_budget(const Trial& trial) {
  return trial.budget > 0 ? trial.budget : std::numeric_limits<Budget>::infinity();
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

bool beats(const Objective& objective, const Trial& trial, const Trial& other) {
  const auto own = utility(objective, trial);
  const auto others = utility(objective, other);
  if (!own || !others) return own.has_value();
  const Budget budget = comparable_budget(trial);
  const Budget other_budget = comparable_budget(other);
  if (budget != other_budget) return budget > other_budget;
  if (*own != *others) return *own > *others;
  return trial.number < other.number;
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
  const Objective& first = objectives.front();
  std::optional<size_t> best;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (!utility(first, trials[i]) || !trials[i].point) continue;
    if (!best || beats(first, trials[i], trials[*best])) best = i;
  }
  return best ? best : first_derived(trials);
}

std::vector<size_t> pareto_front(std::span<const Trial> trials, const Objectives& objectives) {
  std::vector<std::pair<size_t, Utilities>> scored;
  Budget largest = 0;
  for (size_t i = 0; i < trials.size(); ++i) {
    auto values = utilities(trials[i], objectives);
    if (!values || !trials[i].point) continue;
    largest = std::max(largest, comparable_budget(trials[i]));
    scored.emplace_back(i, std::move(*values));
  }
  std::erase_if(scored,
                [&](const auto& one) { return comparable_budget(trials[one.first]) < largest; });
  std::vector<size_t> front;
  std::set<std::pair<Point, Utilities>> known;
  for (const auto& one : scored) {
    const bool dominated = std::any_of(scored.begin(), scored.end(), [&](const auto& other) {
      return dominates(other.second, one.second);
    });
    if (!dominated && known.emplace(*trials[one.first].point, one.second).second) {
      front.push_back(one.first);
    }
  }
  return front;
}

}  // namespace nas
