#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "nas/core/json_fwd.hpp"
#include "nas/search/choice.hpp"

namespace nas {

using Metrics = std::map<std::string, double>;

/// What a trial may spend, in units of its evaluator (epochs for training); 0: the evaluator's own.
using Budget = double;

/// Why a candidate gave no score. Kinds: "nan", "oom", "error", "timeout", "crash", "constraint".
struct Failure {
  std::string kind;
  std::string reason;
};

struct Score {
  Metrics metrics;
  /// The point that a supernet job derived.
  std::optional<Point> derived;
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

enum class TrialState { waiting, running, complete, failed };

struct Trial {
  int64_t number = 0;
  Job job = Job::evaluate;
  TrialState state = TrialState::waiting;
  /// Absent while a supernet job has not derived one.
  std::optional<Point> point;
  Budget budget = 0;
  uint64_t seed = 0;
  Metrics metrics;
  double started = 0;  // seconds since 1970, of the last attempt
  double seconds = 0;  // over all attempts
  std::optional<Failure> failure;
};

std::string_view to_text(Job job);
std::string_view to_text(TrialState state);
Job job_from_text(std::string_view text);
TrialState trial_state_from_text(std::string_view text);

/// As `nas trials --json` prints it: {number, job, state, point, budget, metrics, seed, started,
/// seconds, error}; `point` and `error` are null where absent.
Json to_json(const Choices& choices, const Trial& trial);

}  // namespace nas
