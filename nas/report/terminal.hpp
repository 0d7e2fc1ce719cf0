#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "nas/run/observer.hpp"
#include "nas/search/objective.hpp"

namespace nas {

struct TerminalOptions {
  std::FILE* out = stdout;
  /// A terminal, redrawn in place; otherwise plain lines.
  bool live = false;
  int64_t trials_planned = 0;
  Objective objective;
  /// Seconds; injected so that output can be tested.
  std::function<double()> clock;
  /// An architecture in one line.
  std::function<std::string(const Trial&)> describe_point;
};

/// A line a finished trial and, on a terminal, the running ones, the best so far, trials an hour
/// and the time left below them.
std::unique_ptr<RunObserver> make_terminal_observer(const TerminalOptions& options);

/// Says nothing.
std::unique_ptr<RunObserver> make_silent_observer();

}  // namespace nas
