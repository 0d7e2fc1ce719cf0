#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "nas/run/evaluations.hpp"
#include "nas/run/proposer.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/run/trial_folders.hpp"

namespace nas {

/// What a search is made of. References outlive it.
struct SearchParts {
  Controller& controller;
  TrialStore& store;
  Launcher& launcher;
  RunObserver& observer;
  const RunFolder& folder;
  StoppingRule* stopping = nullptr;  // null: every trial goes on to its end
};

/// Asks the controller, runs what it proposes, tells it the results, and keeps all of it in a store
/// that no other process writes to: a run that is killed at any moment goes on as if it had not
/// been (see Proposer).
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
  void start_waiting();
  void handle_event(double seconds);
  void finish(const LeftTrial& left);
  void put_back(const Trial& trial);
  void recall(const Trial& trial);
  void note_best(const Trial& trial);
  void forget_weights();
  double elapsed() const;
  void stop_and_save();

  SearchSettings settings_;
  SearchParts parts_;
  Proposer proposer_;
  Evaluations evaluations_;
  TrialFolders folders_;
  bool in_transaction_ = false;
  std::map<int64_t, Trial> open_;  // waiting or running
  std::deque<int64_t> waiting_;
  std::optional<Trial> best_;
  double elapsed_before_ = 0;
  double began_ = 0;
};

}  // namespace nas
