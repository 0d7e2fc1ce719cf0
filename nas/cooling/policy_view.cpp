#include "nas/cooling/policy_view.hpp"

#include <algorithm>

namespace nas {
namespace {

constexpr LeverRange kTowerApproach{1.5, 11.5};

}  // namespace

const std::array<Normal, kObservations> kObservationScale{{{15, 10},
                                                           {10, 8},
                                                           {.5F, .1F},
                                                           {22, 3},
                                                           {20, 3},
                                                           {36, 4},
                                                           {18, 6},
                                                           {.8F, .3F},
                                                           {21, 3},
                                                           {9, 2},
                                                           {18, 6},
                                                           {.6F, .2F}}};

void observe(const Moment& moment, const Levers& levers, std::span<float> values) {
  const Simulator& hall = moment.simulator;
  const std::array<std::span<const double>, kObservations> columns{
      moment.forcing.dry_bulb,
      moment.forcing.wet_bulb,
      moment.forcing.load,
      hall.reading(Reading::hottest_inlet),
      hall.reading(Reading::coldest_inlet),
      hall.reading(Reading::hot_aisle),
      hall.reading(Reading::condenser_in),
      hall.reading(Reading::coil_use),
      levers[0],
      levers[1],
      levers[2],
      levers[3]};
  for (size_t k = 0; k < columns.size(); ++k) {
    const auto [mean, deviation] = kObservationScale[k];
    for (size_t i = 0; i < columns[k].size(); ++i) {
      values[i * columns.size() + k] = (static_cast<float>(columns[k][i]) - mean) / deviation;
    }
  }
}

void set_levers(const Moment& moment, std::span<const float> actions, Levers& levers) {
  for (size_t k = 0; k < kLevers; ++k) {
    const bool tower = static_cast<Lever>(k) == Lever::condenser_water;
    const auto [low, high] = tower ? kTowerApproach : kLeverRanges[k];
    const auto bounds = kLeverRanges[k];
    for (size_t i = 0; i < levers[k].size(); ++i) {
      const double share = (std::clamp(actions[i * kLevers + k], -1.F, 1.F) + 1) / 2;
      const double base = tower ? moment.forcing.wet_bulb[i] : 0;
      levers[k][i] = std::clamp(base + low + share * (high - low), bounds.low, bounds.high);
    }
  }
}

}  // namespace nas
