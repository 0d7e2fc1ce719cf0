#include "tools/tensorboard_observer.hpp"

#include <fmt/core.h>

#include <fstream>
#include <utility>

#include "nas/core/clock.hpp"
#include "nas/report/tensorboard.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// TensorBoard finds event files by this part of their names.
constexpr const char* kFile = "events.out.tfevents.nas";

void write(const fs::path& folder, const std::string& bytes) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  std::ofstream(folder / kFile, std::ios::binary) << bytes;
}

}  // namespace

TensorboardObserver::TensorboardObserver(RunObserver& next, fs::path folder,
                                         const TrialStore& store, const Choices& choices,
                                         Objective objective, TrialEvents events)
    : next_(next),
      folder_(std::move(folder)),
      store_(store),
      choices_(choices),
      objective_(std::move(objective)),
      events_(events) {
  std::string bytes = event_file_start(wall_seconds());
  for (const Trial& trial : store.trials()) {
    if (has_ended(trial)) bytes += search_record(trial);
  }
  write(folder_ / "search", bytes);
  search_.open(folder_ / "search" / kFile, std::ios::binary | std::ios::app);
}

void TensorboardObserver::trial_finished(const Trial& trial) {
  if (trial.job != Job::retrain) search_ << search_record(trial) << std::flush;
  if (events_ == TrialEvents::written) write_trial(trial);
  next_.trial_finished(trial);
}

std::string TensorboardObserver::search_record(const Trial& trial) {
  if (trial.metrics.empty()) return "";
  Metrics scalars = trial.metrics;
  if (utility(objective_, trial) && (!best_ || beats(objective_, trial, *best_))) best_ = trial;
  if (best_) scalars["best"] = best_->metrics.at(objective_.metric);
  return scalar_record(trial.started + trial.seconds, trial.number, scalars);
}

void TensorboardObserver::write_trial(const Trial& trial) const {
  const double end = trial.started + trial.seconds;
  std::string bytes = event_file_start(trial.started);
  Metrics at_end = trial.metrics;
  int64_t last = 0;
  if (trial.job != Job::retrain) {
    bytes += session_records(session_of(trial, choices_));
    for (const auto& [step, metrics] : store_.curve(trial.number)) {
      bytes += scalar_record(end, step, metrics);
      last = step;
      for (const auto& [name, value] : metrics) at_end.erase(name);
    }
  }
  if (!at_end.empty()) bytes += scalar_record(end, last, at_end);
  const char* kind = trial.job == Job::retrain ? "retrain" : "trial";
  write(folder_ / fmt::format("{}-{:06}", kind, trial.number), bytes);
}

}  // namespace nas
