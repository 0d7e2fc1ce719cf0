#include "nas/cooling/hall_step.hpp"

#include <algorithm>

#include "nas/cooling/cooling_tower.hpp"
#include "nas/cooling/water_side.hpp"

namespace nas {
namespace {

double lever(const HallState& state, Lever which) {
  return state.levers[static_cast<size_t>(which)];
}

void count(HallState& state, Consumer consumer, double joules) {
  state.energy[static_cast<size_t>(consumer)] += joules;
}

/// The supply air and what makes it, W.
struct Supply {
  double flow;         // kg/s
  double temperature;  // C, behind coils and fans
  double coil_heat;    // taken out of the air
  double economiser;   // share of it that the economiser takes
  double capacity;     // of the chiller
};

double condenser_in(const Hall& hall, const HallState& state) {
  return std::max(state.stores[kBasin], hall.lowest_condenser_in);
}

/// The coils' valves hold the set point as far as coils and chiller can.
Supply supply_air(const Hall& hall, HallState& state, double seconds) {
  const double fans = lever(state, Lever::room_fans);
  const double water = lever(state, Lever::chilled_water);
  const double hot = state.stores[kHotAisle];
  const double fan_heat = hall.room_fan_power * room_fan_share(fans);
  Supply supply{};
  supply.flow = fans * hall.room_fan_flow;
  supply.economiser = economiser_share(hall.exchanger_effectiveness, water + hall.water_rise,
                                       state.stores[kBasin], hall.water_rise);
  supply.capacity = chiller_capacity(hall.chiller, condenser_in(hall, state), water);
  const double by_kelvin = supply.flow * kAirHeat;  // W/K
  const double wanted = by_kelvin * (hot - lever(state, Lever::supply_air)) + fan_heat;
  const double most = by_kelvin * (hot - coolest_air(hall.coil_effectiveness, hot, water));
  const double chilled = supply.capacity / std::max(1 - supply.economiser, 1e-3);
  const double possible = std::min(most, chilled);
  supply.coil_heat = std::min(std::max(wanted, 0.0), possible);
  supply.temperature = hot + (fan_heat - supply.coil_heat) / by_kelvin;
  state.readings[static_cast<size_t>(Reading::supply_air)] = supply.temperature;
  state.readings[static_cast<size_t>(Reading::coil_use)] =
      supply.coil_heat / std::max(possible, 1.0);
  count(state, Consumer::room_fans, fan_heat * seconds);
  return supply;
}

/// Air flow in kg/s that each group's own fans draw, and their power in W.
struct Draught {
  std::array<double, kRackGroups> flow;
  std::array<double, kRackGroups> power;  // of the group, electronics and fans
  double cold;                            // kg/s that the groups would take from the cold aisle
};

Draught draught(const Hall& hall, HallState& state, double seconds) {
  Draught draught{};
  for (size_t g = 0; g < kRackGroups; ++g) {
    const RackGroup& group = hall.groups[g];
    const double load = std::min(1.0, state.load * group.load);
    const double speed = server_fan_speed(hall.rack, load, state.inlets[g]);
    const double servers = group.racks * server_power(hall.rack, load);
    const double fans = group.racks * server_fan_power(hall.rack, speed);
    draught.flow[g] = group.racks * hall.rack.air_flow * speed;
    draught.power[g] = servers + fans;
    draught.cold += (1 - group.recirculation) * draught.flow[g];
    count(state, Consumer::servers, servers * seconds);
    count(state, Consumer::server_fans, fans * seconds);
  }
  return draught;
}

/// Racks breathe cold air and, where that is short, more of what comes around from the hot aisle;
/// cold air that none breathes passes by into it. Air that enters an aisle leaves it: flows
/// balance.
void move_air(const Hall& hall, HallState& state, const Supply& supply, double seconds) {
  const Draught air = draught(hall, state, seconds);
  const double share = std::min(1.0, supply.flow / air.cold);
  const double hot = state.stores[kHotAisle];
  double into_hot = (supply.flow - share * air.cold) * (supply.temperature - hot);
  for (size_t g = 0; g < kRackGroups; ++g) {
    const double around = 1 - share * (1 - hall.groups[g].recirculation);
    const double inlet = supply.temperature + around * (hot - supply.temperature);
    const double outlet = state.stores[g];
    into_hot += air.flow[g] * (outlet - hot);
    state.stores[g] += seconds * (air.power[g] - air.flow[g] * kAirHeat * (outlet - inlet)) /
                       (hall.groups[g].racks * hall.rack.heat_capacity);
    state.inlets[g] = inlet;
  }
  const double walls = hall.envelope * (state.dry_bulb - hot);
  state.stores[kHotAisle] += seconds * (kAirHeat * into_hot + walls) / hall.hot_aisle_capacity;
  state.rejected -= walls * seconds;
}

/// Heat in W that the tower takes out of the water; its fan follows the basin over its set point.
double tower_heat(const Hall& hall, HallState& state, double entering, double seconds) {
  const double over = state.stores[kBasin] - lever(state, Lever::condenser_water);
  const double wanted = std::min(std::max(over / hall.tower_band, 0.0), 1.0);
  const double speed = std::max(wanted, kTowerLeastSpeed);
  const double running = std::min(wanted / kTowerLeastSpeed, 1.0);
  const double not_bypassed = std::min(std::max(1 + over, 0.0), 1.0);
  count(state, Consumer::tower_fan, hall.tower_fan * running * tower_fan_share(speed) * seconds);
  const double flow = hall.condenser_flow * kWaterHeat;
  const double range = entering - state.stores[kBasin];
  const double leaving = state.wet_bulb + tower_approach(state.wet_bulb, range, 1 / speed);
  return not_bypassed * (running + (1 - running) * kTowerFreeConvection) * flow *
         std::max(0.0, entering - leaving);
}

void move_water(const Hall& hall, HallState& state, const Supply& supply, double seconds) {
  const double chilled =
      pump_power(hall.chilled_pump, supply.coil_heat / hall.chiller.nominal_capacity);
  const double heat = supply.coil_heat + chilled;
  const double power = chiller_power(hall.chiller, supply.capacity, (1 - supply.economiser) * heat);
  const double into_basin = heat + power + hall.condenser_pump;
  const double entering = state.stores[kBasin] + into_basin / (hall.condenser_flow * kWaterHeat);
  const double out = tower_heat(hall, state, entering, seconds);
  state.stores[kBasin] += seconds * (into_basin - out) / hall.basin_capacity;
  state.rejected += out * seconds;
  count(state, Consumer::chiller, power * seconds);
  count(state, Consumer::pumps, (chilled + hall.condenser_pump) * seconds);
}

}  // namespace

void step_hall(const Hall& hall, HallState& state, double seconds) {
  const Supply supply = supply_air(hall, state, seconds);
  move_air(hall, state, supply, seconds);
  move_water(hall, state, supply, seconds);
  const auto [coldest, hottest] = std::minmax_element(state.inlets.begin(), state.inlets.end());
  auto& readings = state.readings;
  readings[static_cast<size_t>(Reading::hottest_inlet)] = *hottest;
  readings[static_cast<size_t>(Reading::coldest_inlet)] = *coldest;
  readings[static_cast<size_t>(Reading::hot_aisle)] = state.stores[kHotAisle];
  readings[static_cast<size_t>(Reading::condenser_in)] = state.stores[kBasin];
  const bool outside = *coldest < kColdestInlet || *hottest > kHottestInlet;
  readings[static_cast<size_t>(Reading::minutes_outside)] += outside ? seconds / 60 : 0;
}

double stored_heat(const Hall& hall, const std::array<double, kHeatStores>& stores) {
  double heat = hall.hot_aisle_capacity * stores[kHotAisle] + hall.basin_capacity * stores[kBasin];
  for (size_t g = 0; g < kRackGroups; ++g) {
    heat += hall.groups[g].racks * hall.rack.heat_capacity * stores[g];
  }
  return heat;
}

}  // namespace nas
