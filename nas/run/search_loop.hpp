#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "nas/run/launcher.hpp"
#include "nas/run/observer.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/search/controller.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

struct SearchSettings {
  uint64_t seed = 0;
  int64_t trials = 0;    // 0: no limit
  double wall_time = 0;  // seconds over all attempts; 0: no limit
  int64_t lag = 1;
  Objectives objectives;
};

/// What a search is made of. References outlive it.
struct SearchParts {
  Controller& controller;
  TrialStore& store;
  Launcher& launcher;
  RunObserver& observer;
  const RunFolder& folder;
};

/// Asks the controller, runs what it proposes, tells it the results, and keeps all of it in the
/// store.
///
/// Proposal n is asked for when exactly the results of trials 0 .. n - lag have been told, in trial
/// order; so trials do not depend on the number of workers nor on who finishes first. New trials,
/// the tells that led to them and the controller's state are one transaction: a run that is killed
/// at any moment goes on as if it had not been.
class SearchLoop {
 public:
  SearchLoop(const SearchSettings& settings, const SearchParts& parts);

  /// Goes on from what the store holds until the budget is spent or nothing is left to propose.
  /// Throws Interrupted, with all state saved, after a stop signal.
  void run();

 private:
  void restore();
  void change(const std::function<void()>& what);
  /// One step; false when nothing is under way and nothing was proposed.
  bool advance();
  void propose();
  bool propose_one();
  bool tell_next();
  bool budget_left() const;
  void start_waiting();
  void handle_event(double seconds);
  void finish(Trial& trial, const Outcome& outcome);
  void put_back(Trial& trial);
  void forget_weights(const Trial& trial);
  double elapsed() const;
  void stop_and_save();

  SearchSettings settings_;
  SearchParts parts_;
  int64_t asked_ = 0;
  int64_t told_ = 0;
  bool controller_changed_ = false;
  bool in_transaction_ = false;
  std::map<int64_t, Trial> open_;      // waiting or running
  std::map<int64_t, Trial> finished_;  // not told yet
  std::deque<int64_t> waiting_;
  std::map<int64_t, double> started_;  // steady seconds, of the running
  std::optional<Trial> best_;
  double elapsed_before_ = 0;
  double began_ = 0;
};

}  // namespace nas
