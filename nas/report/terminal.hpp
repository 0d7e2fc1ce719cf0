#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nas/run/observer.hpp"
#include "nas/search/objective.hpp"

namespace nas {

struct TerminalOptions {
  std::FILE* out = stdout;
  /// A terminal, redrawn in place; otherwise plain lines.
  bool live = false;
  int64_t trials_planned = 0;  // 0: no limit
  double wall_time = 0;        // seconds; 0: no limit
  Objective objective;
  /// What earlier attempts of a resumed run finished: counted, and among them the best so far.
  std::vector<Trial> known;
  /// Seconds; injected so that output can be tested.
  std::function<double()> clock;
  /// An architecture in one line.
  std::function<std::string(const Trial&)> describe_point;
};

/// A line a finished trial and a warning. On a terminal, below them, the running ones with their
/// epochs, the best so far, trials an hour and the time left; elsewhere the same once a minute
/// where nothing finishes.
std::unique_ptr<RunObserver> make_terminal_observer(const TerminalOptions& options);

/// Says nothing.
std::unique_ptr<RunObserver> make_silent_observer();

}  // namespace nas
