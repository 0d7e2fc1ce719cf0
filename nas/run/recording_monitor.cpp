#include "nas/run/recording_monitor.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

/// Of a longer curve every second step is kept, then every fourth, ...: a program may report often.
constexpr size_t kMostPoints = 1024;

}  // namespace

Advice RecordingMonitor::report(const Progress& progress) {
  keep(progress.done, progress.metrics);
  const Advice advice = next_.report(progress);
  // Nothing is saved by stopping what is at its end.
  const bool at_end = progress.total > 0 && progress.done >= progress.total;
  if (cutoffs_ && best_ && !at_end && falls_short(*cutoffs_, progress.done, *best_)) {
    stopped_ = true;
  }
  return stopped_ ? Advice::stop : advice;
}

void RecordingMonitor::recall(const LearningCurve& earlier) {
  for (const auto& [step, metrics] : earlier) keep(step, metrics);
  next_.recall(earlier);
}

void RecordingMonitor::keep(int64_t step, const Metrics& metrics) {
  const auto value = cutoffs_ ? metrics.find(cutoffs_->metric) : metrics.end();
  if (value != metrics.end() && std::isfinite(value->second)) {
    const bool larger = cutoffs_->goal == Goal::maximize;
    if (!best_) best_ = value->second;
    best_ = larger ? std::max(*best_, value->second) : std::min(*best_, value->second);
  }
  if (step % stride_ != 0) return;
  Metrics& kept = curve_[step];
  kept = metrics;
  std::erase_if(kept, [](const auto& entry) { return !std::isfinite(entry.second); });
  while (curve_.size() > kMostPoints) {
    stride_ *= 2;
    std::erase_if(curve_, [&](const auto& entry) { return entry.first % stride_ != 0; });
  }
}

Outcome RecordingMonitor::completed(Outcome outcome) const {
  if (auto* score = std::get_if<Score>(&outcome)) {
    score->stopped = stopped_;
    for (const auto& [step, metrics] : curve_) score->curve.push_back({step, metrics});
  }
  return outcome;
}

}  // namespace nas
