#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "nas/search/evaluator.hpp"

namespace nas {

/// Keeps the curve of one evaluation and stops it where it falls below its cutoffs. Passes reports
/// on to `next`. References outlive it.
class RecordingMonitor : public Monitor {
 public:
  RecordingMonitor(const std::optional<Cutoffs>& cutoffs, Monitor& next)
      : cutoffs_(cutoffs), next_(next) {}

  Advice report(const Progress& progress) override;
  void recall(const LearningCurve& earlier) override;

  /// The outcome with the curve that led to it, and whether that was cut short.
  Outcome completed(Outcome outcome) const;

 private:
  void keep(int64_t step, const Metrics& metrics);

  const std::optional<Cutoffs>& cutoffs_;
  Monitor& next_;
  std::map<int64_t, Metrics> curve_;
  int64_t stride_ = 1;  // of the steps that are kept
  std::optional<double> best_;
  bool stopped_ = false;
};

}  // namespace nas
