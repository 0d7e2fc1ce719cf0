#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// What an evaluation has reached: epochs (or steps) done of how many, and the newest figures.
struct Progress {
  int64_t done = 0;
  int64_t total = 0;
  std::string_view unit = "epoch";
  Metrics metrics;
};

/// Hears of an evaluation's progress.
class Monitor {
 public:
  virtual ~Monitor() = default;
  virtual void report(const Progress& progress) = 0;
};

/// One evaluation to make. What it saves goes below `folder`, which is empty at the first attempt
/// and holds its last checkpoint at a later one.
struct Assignment {
  int64_t number = 0;
  Job job = Job::evaluate;
  std::optional<Point> point;
  Budget budget = 0;
  uint64_t seed = 0;
  std::filesystem::path folder;
};

/// Name of the folder of trial `number`; those of one search lie side by side.
std::string trial_folder_name(int64_t number);

/// (point, budget, seed) -> metrics. A candidate that cannot be scored is a Failure; throws
/// Interrupted after saving its state when stop_requested().
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual Outcome evaluate(const Assignment& assignment, Monitor& monitor) = 0;
  /// Whether its scores have this metric, as far as that is known before there is one.
  virtual bool reports(const std::string& /*metric*/) const { return false; }
};

}  // namespace nas
