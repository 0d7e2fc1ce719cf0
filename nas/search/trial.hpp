#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/search/choice.hpp"
#include "nas/search/cutoffs.hpp"

namespace nas {

using Metrics = std::map<std::string, double>;

/// What a trial may spend, in units of its evaluator (epochs for training); 0: the evaluator's own.
using Budget = double;

/// Why a candidate gave no score. Kinds: "nan", "oom", "error", "timeout", "crash", "constraint".
struct Failure {
  std::string kind;
  std::string reason;
};

/// What an evaluation had reached after so many steps (epochs) in all.
struct CurvePoint {
  int64_t step = 0;
  Metrics metrics;
  bool operator==(const CurvePoint&) const = default;
};
/// In the order of the steps.
using LearningCurve = std::vector<CurvePoint>;

Json to_json(const LearningCurve& curve);
/// Throws Json::exception where it is something else.
LearningCurve curve_from_json(const Json& json);

struct Score {
  Metrics metrics;
  /// The point that a supernet job derived.
  std::optional<Point> derived;
  /// What was reported on the way and whether that was cut short. Filled in by who hears the
  /// reports (RecordingMonitor); evaluators leave both alone.
  LearningCurve curve = {};
  bool stopped = false;
};

/// A failed candidate is a value, not an exception.
using Outcome = std::variant<Score, Failure>;

/// What a worker is asked to do with a trial.
enum class Job {
  evaluate,  // score one point
  supernet,  // train a supernet and derive a point
  screen,    // score one point without training it, before the search; never the best
  retrain,   // train the best point from scratch on training and validation data, then test
};

/// stopped: cut short by its cutoffs; it has metrics, but those of a training that was given up, so
/// it counts neither as a score nor as a failure.
enum class TrialState { waiting, running, complete, stopped, failed };

struct Trial {
  int64_t number = 0;
  Job job = Job::evaluate;
  TrialState state = TrialState::waiting;
  /// Absent while a supernet job has not derived one.
  std::optional<Point> point;
  Budget budget = 0;
  /// The trial whose saved state this one goes on from, with the same seed; the budget counts both.
  std::optional<int64_t> continues;
  std::optional<Cutoffs> cutoffs;
  uint64_t seed = 0;
  Metrics metrics;
  double started = 0;  // seconds since 1970, of the last attempt
  double seconds = 0;  // over all attempts
  std::optional<Failure> failure;
  /// How often it was handed out by a store that workers share; 0 where none is shared.
  int64_t attempt = 0;
};

/// Whether it is neither waiting nor running.
bool has_ended(const Trial& trial);

std::string_view to_text(Job job);
std::string_view to_text(TrialState state);
Job job_from_text(std::string_view text);
TrialState trial_state_from_text(std::string_view text);

/// As `nas trials --json` prints it: {number, job, state, point, budget, continues, metrics, seed,
/// started, seconds, error}; `point`, `continues` and `error` are null where absent.
Json to_json(const Choices& choices, const Trial& trial);

}  // namespace nas
