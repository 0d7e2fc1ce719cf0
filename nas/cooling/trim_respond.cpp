#include "nas/cooling/trim_respond.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

constexpr TrimAndRespond kSupplyAir{18, 25, .1, -.3, -.9};
constexpr TrimAndRespond kRoomFans{.4, 1, -.01, .02, .06};
constexpr TrimAndRespond kChilledWater{6, 12, .2, -.4, -1.2};
constexpr double kTowerApproach = 4;

double inlet_requests(double hottest) {
  return (hottest > 25.5 ? 1 : 0) + (hottest > 26 ? 1 : 0) + (hottest > 26.5 ? 1 : 0);
}

double air_requests(double hottest, double supply) {
  const double over = hottest - supply;
  return (over > 3.5 ? 1 : 0) + (over > 4.5 ? 1 : 0) + (over > 6 ? 1 : 0);
}

double coil_requests(double use) { return (use > .95 ? 1 : 0) + (use > .99 ? 1 : 0); }

}  // namespace

double TrimAndRespond::next(double set_point, double requests) const {
  double change = trim;
  if (requests > ignored) {
    const double response = respond * (requests - ignored);
    change += std::copysign(std::min(std::abs(response), std::abs(most)), respond);
  }
  return std::clamp(set_point + change, low, high);
}

void TrimRespond::act(const Moment& moment, Levers& levers) {
  const auto hottest = moment.simulator.reading(Reading::hottest_inlet);
  const auto supply = moment.simulator.reading(Reading::supply_air);
  const auto use = moment.simulator.reading(Reading::coil_use);
  auto& [air, water, tower, fans] = levers;
  for (size_t i = 0; i < air.size(); ++i) {
    air[i] = kSupplyAir.next(air[i], inlet_requests(hottest[i]));
    fans[i] = kRoomFans.next(fans[i], air_requests(hottest[i], supply[i]));
    water[i] = kChilledWater.next(water[i], coil_requests(use[i]));
    tower[i] = moment.forcing.wet_bulb[i] + kTowerApproach;
  }
}

}  // namespace nas
