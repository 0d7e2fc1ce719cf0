#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "nas/run/observer.hpp"
#include "nas/search/objective.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// Whether each trial gets a folder of its own: not where a search has thousands in seconds.
enum class TrialEvents { written, left_out };

/// Keeps `tensorboard/` of a run's folder up to date and passes everything on. search/ has the
/// metrics of all trials by number, and `best`, the best first objective so far; trial-<number>/ a
/// trial's hyperparameters, its learning curve and, at its end, its metrics. Like the log it is a
/// witness: where it cannot be written, the run goes on.
class TensorboardObserver final : public RunObserver {
 public:
  /// What there is of search/ is written anew from the store. All outlive the object.
  TensorboardObserver(RunObserver& next, std::filesystem::path folder, const TrialStore& store,
                      const Choices& choices, Objective objective, TrialEvents events);

  void trial_started(const Trial& trial) override { next_.trial_started(trial); }
  void trial_progress(int64_t number, const Progress& progress) override {
    next_.trial_progress(number, progress);
  }
  void trial_finished(const Trial& trial) override;
  void warned(const std::string& text) override { next_.warned(text); }

 private:
  /// What search/ says of a trial; notes the best.
  std::string search_record(const Trial& trial);
  void write_trial(const Trial& trial) const;

  RunObserver& next_;
  std::filesystem::path folder_;
  std::ofstream search_;  // appends to its file
  const TrialStore& store_;
  const Choices& choices_;
  Objective objective_;
  TrialEvents events_;
  std::optional<Trial> best_;
};

}  // namespace nas
