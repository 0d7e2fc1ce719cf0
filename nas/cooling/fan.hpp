#pragma once

namespace nas {

/// Power of a computer room unit's EC plug fans as a share of its largest, by the share of the
/// largest flow: the curve of sinergym's data-centre model (its EC plug fan: 8.5 m3/s, 486 Pa).
inline double room_fan_share(double flow) {
  return .06990146 + (1.39500612 + (-3.35487336 + 2.89232315 * flow) * flow) * flow;
}

/// Largest power in W of a fan that moves `flow` m3/s against `pressure` Pa with total efficiency
/// `efficiency` (EnergyPlus Engineering Reference, "Fan:VariableVolume").
constexpr double fan_power(double flow, double pressure, double efficiency) {
  return flow * pressure / efficiency;
}

}  // namespace nas
