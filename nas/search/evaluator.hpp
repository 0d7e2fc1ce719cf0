#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "nas/search/cutoffs.hpp"
#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// What an evaluation has reached: epochs (or steps) done of how many (0: not known), and the
/// newest figures.
struct Progress {
  int64_t done = 0;
  int64_t total = 0;
  std::string_view unit = "epoch";
  Metrics metrics;
};

enum class Advice { go_on, stop };

/// Hears of an evaluation's progress.
class Monitor {
 public:
  virtual ~Monitor() = default;
  /// An evaluation that is told to stop gives the score that it has reached.
  [[nodiscard]] virtual Advice report(const Progress& progress) = 0;
  /// What was reported before the state was saved that this evaluation goes on from; comes first,
  /// and is not reported again.
  virtual void recall(const LearningCurve& /*earlier*/) {}
};

/// The trial that an evaluation goes on from, and what its state was saved for.
struct Origin {
  int64_t number = 0;
  Point point;
};

/// One evaluation to make. What it saves goes below `folder`, which is empty at the first attempt
/// and holds its last checkpoint at a later one, or that of the trial it goes on from.
struct Assignment {
  int64_t number = 0;
  Job job = Job::evaluate;
  std::optional<Point> point;
  Budget budget = 0;
  uint64_t seed = 0;
  std::filesystem::path folder;
  std::optional<Cutoffs> cutoffs = std::nullopt;
  std::optional<Origin> origin = std::nullopt;
};

/// The epoch after which an assignment is done, for an evaluator of `epochs`: that of its budget,
/// rounded up, where there is one that comes earlier.
int64_t last_epoch(const Assignment& assignment, int64_t epochs);

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
  /// Why the score of a point is without a metric, where more can be said than that it is.
  virtual std::optional<std::string> why_without(const Point& /*point*/,
                                                 const std::string& /*metric*/) const {
    return std::nullopt;
  }
};

}  // namespace nas
