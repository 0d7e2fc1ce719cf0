#pragma once

#include <algorithm>

namespace nas {

/// A rack of servers.
struct Rack {
  double idle_power = 5000;       // W at load 0, without fans
  double full_power = 10000;      // W at load 1, without fans
  double fan_power = 800;         // W at full speed
  double air_flow = .83;          // kg/s at full speed: 12 K at full power
  double least_speed = .4;        // of the fans
  double speed_by_load = .35;     // at load 1
  double speed_by_kelvin = .035;  // of the inlet above `comfortable`
  double comfortable = 22;        // C
  double heat_capacity = 150e3;   // J/K of metal and air
};

/// Power in W of the electronics at a load of 0 to 1: linear between idle and full (Fan, Weber,
/// Barroso, "Power provisioning for a warehouse-sized computer", ISCA 2007).
inline double server_power(const Rack& rack, double load) {
  return rack.idle_power + (rack.full_power - rack.idle_power) * load;
}

/// Share of their full speed at which the servers' own fans turn. Linear laws of load and inlet
/// temperature are our assumption; the slopes give a rise of 3 percent of a half-loaded rack's
/// power between 22 and 27 C of inlet, within the band of ASHRAE TC 9.9 (2011).
inline double server_fan_speed(const Rack& rack, double load, double inlet) {
  const double warm = std::max(0.0, inlet - rack.comfortable);
  return std::min(1.0, rack.least_speed + rack.speed_by_load * load + rack.speed_by_kelvin * warm);
}

/// Power in W of the fans: the cube of their speed (fan affinity laws).
inline double server_fan_power(const Rack& rack, double speed) {
  return rack.fan_power * speed * speed * speed;
}

}  // namespace nas
