#pragma once

#include <algorithm>

namespace nas {

constexpr double kWaterHeat = 4186;  // J/(kg K)
constexpr double kAirHeat = 1006;    // J/(kg K)
constexpr double kAirDensity = 1.2;  // kg/m3

/// The coolest air in C that a coil can give: a constant effectiveness of the air's side (Kays and
/// London); `back` and `water` are the temperatures of air and water that enter it.
inline double coolest_air(double effectiveness, double back, double water) {
  return back - effectiveness * std::max(0.0, back - water);
}

/// The share of the chilled water's heat that a heat exchanger before the chiller gives to the
/// tower's water (an integrated water-side economiser): effectiveness times the difference of what
/// enters, over how far the water is to be cooled.
inline double economiser_share(double effectiveness, double back, double tower, double cooled) {
  return std::min(1.0, std::max(0.0, effectiveness * (back - tower) / cooled));
}

/// Power in W of a pump of variable speed by the share of its largest flow: affinity laws down to
/// its least speed.
inline double pump_power(double largest, double flow) {
  constexpr double kLeast = .2;
  const double speed = std::max(flow, kLeast);
  return largest * speed * speed * speed;
}

}  // namespace nas
