#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/cooling/policy_view.hpp"
#include "nas/cooling/traces.hpp"

namespace nas {

/// Short stretches of the training weeks, side by side, for learning from.
struct EpisodeSetting {
  int64_t environments = 64;
  int64_t steps = 48;  // control steps
  double margin = .3;  // K by which ASHRAE's range is narrowed while learning
  uint64_t seed = 0;
};

/// References outlive it.
class Episodes {
 public:
  Episodes(const Hall& hall, const Traces& traces, std::vector<TimeWindow> windows,
           const EpisodeSetting& setting);

  /// Every environment at a random time of a random window, half an hour after a start with
  /// conventional levers: a function of the seed and `round` alone.
  void begin(uint64_t round);

  /// [environments, kObservations]
  void observe(std::span<float> values) const;
  /// One control step with these actions [environments, kLevers].
  void step(std::span<const float> actions);

  /// By environment, of the last step: energy for cooling over that of the servers.
  std::span<const float> costs() const { return costs_; }
  /// By environment, of the last step: K by which the racks' inlets left the narrowed range, at
  /// most 2, plus the share of the step that any was outside ASHRAE's own range.
  std::span<const float> breaches() const { return breaches_; }

 private:
  Moment moment() const { return {simulator_, forcing_, step_}; }

  const Traces& traces_;
  std::vector<TimeWindow> weeks_;
  EpisodeSetting setting_;
  Simulator simulator_;
  Levers levers_;
  std::vector<TimeWindow> windows_;
  Forcing forcing_;
  int64_t step_ = 0;
  std::vector<float> costs_;
  std::vector<float> breaches_;
};

}  // namespace nas
