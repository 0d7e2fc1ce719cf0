#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/cooling/cooling_controller.hpp"
#include "nas/cooling/traces.hpp"

namespace nas {

struct PredictiveOptions {
  int64_t horizon = 12;     // control steps: an hour, several time constants of the hall
  int64_t candidates = 24;  // levers tried a round
  int64_t rounds = 3;
  double spread = .06;  // of the first round, share of a lever's range; halved each round
  uint64_t seed = 0;
};

/// Model-predictive control that knows the hall exactly, and weather and load before they come:
/// what no controller of a real hall has, so an upper limit. Each step it looks for the levers
/// that, held over the horizon, take the least energy with no rack outside ASHRAE's range, by a
/// cross-entropy search around those of the step before (Rubinstein 1999), and sets them.
class PredictiveControl final : public CoolingController {
 public:
  /// `traces` outlive the controller; `windows` are those that it is to run in.
  PredictiveControl(const Hall& hall, const Traces& traces, std::span<const TimeWindow> windows,
                    const PredictiveOptions& options);
  void act(const Moment& moment, Levers& levers) override;

 private:
  void propose(const Moment& moment, const Levers& centre, int64_t round);
  void look_ahead(const Moment& moment);
  void choose(Levers& centre) const;

  const Traces& traces_;
  PredictiveOptions options_;
  std::vector<TimeWindow> windows_;  // each as often as there are candidates
  Simulator model_;
  Levers tried_;
  Forcing forcing_;
  std::vector<double> costs_;
};

}  // namespace nas
