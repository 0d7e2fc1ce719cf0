#include "nas/search/trial.hpp"

#include <array>
#include <string>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"

namespace nas {
namespace {

constexpr std::array<std::pair<std::string_view, Job>, 4> kJobs{{{"evaluate", Job::evaluate},
                                                                 {"supernet", Job::supernet},
                                                                 {"screen", Job::screen},
                                                                 {"retrain", Job::retrain}}};
constexpr std::array<std::pair<std::string_view, TrialState>, 5> kStates{
    {{"waiting", TrialState::waiting},
     {"running", TrialState::running},
     {"complete", TrialState::complete},
     {"stopped", TrialState::stopped},
     {"failed", TrialState::failed}}};

template <class Enum, size_t N>
std::string_view name_of(const std::array<std::pair<std::string_view, Enum>, N>& names,
                         Enum value) {
  for (const auto& [name, known] : names) {
    if (known == value) return name;
  }
  throw RunError("a value outside its enumeration");
}

template <class Enum, size_t N>
Enum value_of(const std::array<std::pair<std::string_view, Enum>, N>& names,
              std::string_view text) {
  for (const auto& [name, known] : names) {
    if (name == text) return known;
  }
  throw InputError("found '" + std::string(text) + "', expected a known job or trial state");
}

}  // namespace

bool has_ended(const Trial& trial) {
  return trial.state != TrialState::waiting && trial.state != TrialState::running;
}

std::string_view to_text(Job job) { return name_of(kJobs, job); }
std::string_view to_text(TrialState state) { return name_of(kStates, state); }
Job job_from_text(std::string_view text) { return value_of(kJobs, text); }
TrialState trial_state_from_text(std::string_view text) { return value_of(kStates, text); }

Json to_json(const LearningCurve& curve) {
  Json json = Json::array();
  for (const auto& [step, metrics] : curve) json.push_back({step, Json(metrics)});
  return json;
}

LearningCurve curve_from_json(const Json& json) {
  LearningCurve curve;
  for (const Json& entry : json) {
    curve.push_back({whole_number(entry.at(0)), entry.at(1).get<Metrics>()});
  }
  return curve;
}

Json to_json(const Choices& choices, const Trial& trial) {
  Json error = nullptr;
  if (trial.failure) error = {{"kind", trial.failure->kind}, {"reason", trial.failure->reason}};
  return {{"number", trial.number},
          {"job", to_text(trial.job)},
          {"state", to_text(trial.state)},
          {"point", trial.point ? to_json(choices, *trial.point) : Json(nullptr)},
          {"budget", trial.budget},
          {"continues", trial.continues ? Json(*trial.continues) : Json(nullptr)},
          {"metrics", Json(trial.metrics)},
          {"seed", trial.seed},
          {"started", trial.started},
          {"seconds", trial.seconds},
          {"error", error}};
}

}  // namespace nas
