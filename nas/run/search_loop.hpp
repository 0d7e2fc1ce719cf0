#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "nas/run/launcher.hpp"
#include "nas/run/observer.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/run/spending.hpp"
#include "nas/run/trial_folders.hpp"
#include "nas/search/controller.hpp"
#include "nas/search/stopping_rule.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

struct SearchSettings {
  uint64_t seed = 0;
  int64_t trials = 0;    // 0: no limit
  double wall_time = 0;  // seconds over all attempts; 0: no limit
  int64_t lag = 1;
  Objectives objectives;
  double total = 0;       // units of the evaluator that all trials together spend; 0: no limit
  Budget own_budget = 1;  // units of a trial without a budget
};

/// What a search is made of. References outlive it.
struct SearchParts {
  Controller& controller;
  TrialStore& store;
  Launcher& launcher;
  RunObserver& observer;
  const RunFolder& folder;
  StoppingRule* stopping = nullptr;  // null: every trial goes on to its end
};

/// Asks the controller, runs what it proposes, tells it the results, and keeps all of it in the
/// store.
///
/// Proposal n is asked for when exactly the results of trials 0 .. n - lag have been told, in trial
/// order; so trials do not depend on the number of workers nor on who finishes first. New trials,
/// the tells that led to them and the controller's state are one transaction: a run that is killed
/// at any moment goes on as if it had not been. A trial's cutoffs follow from the same results and
/// are fixed with it.
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
  Trial trial_of(Proposal proposal);
  std::optional<Cutoffs> cutoffs_of(const Trial& trial, Budget inherited) const;
  bool tell_next();
  void recall(const Trial& trial);
  void account_for(const Trial& trial);
  bool budget_left() const;
  std::optional<Origin> origin_of(const Trial& trial) const;
  Budget inherited_by(const Trial& trial) const;
  void start_waiting();
  void handle_event(double seconds);
  void finish(Trial& trial, const Outcome& outcome);
  void put_back(Trial& trial);
  void note_best(const Trial& trial);
  void forget_weights();
  double elapsed() const;
  void stop_and_save();

  SearchSettings settings_;
  SearchParts parts_;
  Spending spending_;
  TrialFolders folders_;
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
