#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "nas/run/spending.hpp"
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

/// The side of a search that asks: what it proposes is a function of the settings and of the
/// results in trial order, whoever scores the trials and wherever it goes on.
///
/// Proposal n is asked for when exactly the results of trials 0 .. n - lag have been told, in trial
/// order; so trials do not depend on the number of workers nor on who finishes first. New trials,
/// the tells that led to them and the controller's state belong into one transaction of the store.
/// A trial's cutoffs follow from the same results and are fixed with it.
class Proposer {
 public:
  /// Look-ups have no curves to read. References outlive the object.
  enum class Curves { kept, none };
  Proposer(const SearchSettings& settings, TrialStore& store, StoppingRule* stopping,
           Curves curves);

  /// Gives a fresh controller, which outlives this or the next call, the state that the store
  /// holds, and goes on with it from there. Returns every trial from the first one on that had not
  /// been told before.
  std::vector<Trial> take_up(Controller& fresh);
  /// Whether somebody else asked or told since; take_up() goes on from there.
  bool behind() const;
  /// Reads which trials have ended. Returns those from the first untold one on.
  std::vector<Trial> look();
  /// A trial that ended; the controller is told when its turn comes.
  void ended(const Trial& trial);

  /// Adds as many trials to the store as the lag and the budget allow, and returns them; `elapsed`:
  /// seconds that the search has taken.
  std::vector<Trial> propose(double elapsed);
  /// Saves the controller where it changed since.
  void save();

  /// The first trial that was not told; where nothing can be proposed, its result comes next.
  int64_t told() const { return told_; }
  bool budget_left(double elapsed) const;
  const Controller& controller() const { return *controller_; }

 private:
  std::optional<Trial> propose_one();
  Trial trial_of(Proposal proposal);
  std::optional<Cutoffs> cutoffs_of(const Trial& trial, Budget inherited) const;
  Budget inherited_by(const Trial& trial) const;
  bool tell_next();
  void account_for(const Trial& trial);
  void note(const Trial& trial, int64_t told);

  SearchSettings settings_;
  TrialStore& store_;
  StoppingRule* stopping_;
  Curves curves_;
  Controller* controller_ = nullptr;
  Spending spending_;
  int64_t asked_ = 0;
  int64_t told_ = 0;
  bool changed_ = false;               // the controller, since it was saved
  std::map<int64_t, Trial> finished_;  // not told yet
};

/// Whether a trial waits or runs.
bool is_open(const Trial& trial);

}  // namespace nas
