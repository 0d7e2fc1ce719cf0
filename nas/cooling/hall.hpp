#pragma once

#include <array>
#include <cstdint>

#include "nas/cooling/chiller.hpp"
#include "nas/cooling/fan.hpp"
#include "nas/cooling/server.hpp"

namespace nas {

/// Racks that stand alike: how many, their load beside the mean, and how much of the air that they
/// breathe comes around from behind them even where there is cold air enough.
struct RackGroup {
  double racks;
  double load;
  double recirculation;
};

constexpr size_t kRackGroups = 4;

/// A hall of 40 racks (400 kW), three computer room units, a chiller with a water-side economiser
/// before it, and a cooling tower. Sizes are ours; the components' laws are published ones.
struct Hall {
  Rack rack;
  std::array<RackGroup, kRackGroups> groups{
      {{10, .9, .02}, {10, 1, .05}, {10, 1.05, .08}, {10, 1.05, .12}}};
  double hot_aisle_capacity = 4e6;  // J/K of air, racks' surfaces and walls
  double envelope = 300;            // W/K to the outdoor air

  double room_fan_flow = 3 * 8.5 * 1.2;  // kg/s, of all units at full speed
  double room_fan_power = 3 * fan_power(8.5, 486, .7);
  double coil_effectiveness = .75;

  Chiller chiller = water_cooled_chiller(500e3);
  double water_rise = 6;            // K of the chilled water in the coils
  double chilled_pump = 6e3;        // W at the chiller's nominal capacity
  double lowest_condenser_in = 15;  // C, held by a bypass of the condenser
  double exchanger_effectiveness = .85;

  double condenser_flow = 25.6;         // kg/s, constant
  double condenser_pump = 6e3;          // W
  double basin_capacity = 5000 * 4186;  // J/K
  double tower_fan = 6.3e3;             // W: .0105 of the heat rejected, EnergyPlus' sizing
  double tower_band = 2;                // K of the water over its set point, fan 0 to full speed
};

/// ASHRAE TC 9.9's recommended range of a rack's inlet, C.
constexpr double kColdestInlet = 18;
constexpr double kHottestInlet = 27;

}  // namespace nas
