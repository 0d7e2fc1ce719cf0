#pragma once

#include <cstdint>
#include <vector>

#include "controllers/once_for_all.hpp"
#include "nas/search/elastic.hpp"

namespace nas {

/// What each step of progressive shrinking trains: pure functions of the step. Phase 0 trains the
/// largest network alone, the options' phases follow.
class ShrinkingSchedule {
 public:
  /// Throws UsageError where a phase opens no choice of the space, or where there are real ones.
  /// `choices` outlives this.
  ShrinkingSchedule(const OnceForAllOptions& options, const Choices& choices,
                    int64_t steps_per_epoch);

  int64_t epochs() const { return phases_.back().end / steps_per_epoch_; }
  int64_t steps() const { return phases_.back().end; }
  int64_t steps_per_epoch() const { return steps_per_epoch_; }
  size_t phases() const { return phases_.size(); }

  /// The phase of a step; of the step after the last one, the last phase.
  size_t phase_of(int64_t step) const;
  bool starts_phase(int64_t step) const;
  double learning_rate(int64_t step) const;
  /// The networks of a step: the largest and the smallest where the options say so, then random
  /// ones drawn from (seed, step).
  std::vector<Point> networks(int64_t step, uint64_t seed) const;
  const ElasticChoices& elastic(size_t phase) const { return phases_[phase].elastic; }

 private:
  struct Phase {
    ShrinkingPhase options;
    ElasticChoices elastic;
    int64_t begin = 0;  // steps
    int64_t end = 0;
  };

  bool sandwich_ = true;
  int64_t steps_per_epoch_ = 1;
  std::vector<Phase> phases_;
};

}  // namespace nas
