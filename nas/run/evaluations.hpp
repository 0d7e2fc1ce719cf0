#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

#include "nas/run/launcher.hpp"
#include "nas/run/observer.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// A trial that is not under way any more: with its result, or waiting again where its worker
/// stopped after saving its state.
struct LeftTrial {
  Trial trial;
  LearningCurve curve;
};

/// The trials that this process has under way on a launcher. References outlive the object.
class Evaluations {
 public:
  Evaluations(Launcher& launcher, RunObserver& observer)
      : launcher_(launcher), observer_(observer) {}

  bool has_room() const;
  bool empty() const { return running_.empty(); }
  /// In the order of their numbers.
  std::vector<Trial> trials() const;

  /// Starts a trial whose files go to `folder`. `store` knows the one that it goes on from.
  void start(const Trial& trial, const std::filesystem::path& folder, const TrialStore& store);
  /// The next trial that is not under way any more; passes progress on. Nothing after `seconds`
  /// without news, or at once when nothing is under way.
  std::optional<LeftTrial> wait(double seconds);
  /// Ends a trial without a result; what it has saved stays.
  void abandon(int64_t number);
  /// Asks all of them to save their state.
  void stop() { launcher_.stop(); }

 private:
  struct Running {
    Trial trial;
    double since = 0;  // steady seconds
  };

  Launcher& launcher_;
  RunObserver& observer_;
  std::map<int64_t, Running> running_;
};

}  // namespace nas
