#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "nas/search/evaluator.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// What a launcher has to tell of an assignment it was given.
struct LaunchEvent {
  int64_t number = 0;
  /// Progress, the outcome, or monostate: the worker stopped after saving its state.
  std::variant<std::monostate, Progress, Outcome> what;
};

/// Runs assignments somewhere: in this process, or in worker processes.
class Launcher {
 public:
  virtual ~Launcher() = default;

  /// How many assignments may be under way at once.
  virtual int64_t capacity() const = 0;
  /// Whether assignments end within microseconds, in this process (a table).
  virtual bool immediate() const = 0;
  virtual void start(const Assignment& assignment) = 0;
  /// The next event; nothing after `seconds` without one, or at once when nothing is under way.
  /// Throws UsageError for a mistake that no assignment could do better with.
  virtual std::optional<LaunchEvent> wait(double seconds) = 0;
  /// Ends an assignment at once and without an event; what it has saved stays.
  virtual void abandon(int64_t number) = 0;
  /// Asks everything under way to save its state; each then ends with a monostate event (or its
  /// outcome). A second call, or a worker that does not answer in 30 s, kills.
  virtual void stop() = 0;
};

}  // namespace nas
