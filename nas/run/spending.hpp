#pragma once

#include <cstdint>

#include "nas/search/trial.hpp"

namespace nas {

/// Counts what the trials of a search spend, in the evaluator's units: of a promoted trial what it
/// adds to the one it goes on from, of a stopped one what it had reached. A trial without a budget
/// counts as the evaluator's own; supernets and screenings without one count nothing.
class Spending {
 public:
  /// `total`: what may be spent; 0: no limit. `own`: of a trial without a budget.
  Spending(double total, Budget own);

  /// A trial counts in full from its proposal on; `inherited` is the budget of the one it
  /// continues.
  void proposed(const Trial& trial, Budget inherited);
  /// A trial that the controller was told: what is left of one that stopped is given back.
  void told(const Trial& trial, Budget inherited, const LearningCurve& curve);

  bool left() const { return total_ == 0 || spent_ < total_; }

 private:
  int64_t planned(const Trial& trial, Budget inherited) const;

  // Millionths of a unit: sums do not depend on their order, which a resumed search changes.
  int64_t total_;
  int64_t own_;
  int64_t spent_ = 0;
};

}  // namespace nas
