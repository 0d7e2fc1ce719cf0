#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "nas/search/controller.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

struct OutsideSettings {
  uint64_t seed = 0;
  /// Imported ones not counted; 0: no limit.
  int64_t trials = 0;
  /// Why a point is not worth handing out: it fails at once, and another one is proposed.
  std::function<std::optional<Failure>(const Point&)> refuse;
};

/// A point whose metrics were known before the search.
struct KnownTrial {
  Point point;
  Metrics metrics;
};

/// A search whose trials an outside program asks for and whose results it tells, when it likes and
/// in any order. The controller is told each result as it comes; so, other than in SearchLoop, what
/// it proposes depends on that order, which the trials' numbers do not say.
///
/// Every call is one transaction. Objects in several processes take turns by a lock around their
/// whole lives.
class OutsideSearch {
 public:
  /// Goes on from what the store holds. Throws UsageError where a SearchLoop has begun trials there
  /// that have not ended. References outlive the object.
  OutsideSearch(const OutsideSettings& settings, Controller& controller, TrialStore& store);

  /// At most `count` new trials, running from now on; fewer where the budget of trials ends or
  /// where the controller wants results first. Throws UsageError for a controller that asks for
  /// more than points.
  std::vector<Trial> ask(int64_t count);

  /// The running trial of this number. Throws InputError where there is none.
  Trial running(int64_t number) const;
  /// Ends a running trial and returns it.
  Trial tell(int64_t number, const Outcome& outcome);

  /// Adds complete trials with these points and tells them to the controller.
  void import(std::span<const KnownTrial> known);

  /// All trials that were asked for and not told.
  std::vector<Trial> open() const;
  bool budget_left() const;

 private:
  void begin();
  /// A new trial in the store: running, or failed and told where it is refused.
  Trial add(Proposal proposal);
  void tell_controller(const Trial& trial);
  void take_over();
  void change(const std::function<void()>& what);

  OutsideSettings settings_;
  Controller& controller_;
  TrialStore& store_;
  int64_t told_ = 0;
  bool outside_ = false;  // whether a program has asked before
  double began_ = 0;  // seconds since 1970: its first ask, or as if it had searched from then on
};

/// How many of a store's trials were imported; they count as no trial of a budget.
int64_t imported_trials(const TrialStore& store);

/// Whether the last to ask for trials was an outside program.
bool is_asked_from_outside(const TrialStore& store);

/// Throws UsageError where an outside program has asked for trials and not told all of them.
void refuse_asked_trials(const TrialStore& store);

}  // namespace nas
