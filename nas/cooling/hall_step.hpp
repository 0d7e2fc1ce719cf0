#pragma once

#include <array>

#include "nas/cooling/hall.hpp"

namespace nas {

/// What a controller sets, C and a share of the largest flow.
enum class Lever { supply_air, chilled_water, condenser_water, room_fans };
constexpr size_t kLevers = 4;

struct LeverRange {
  double low;
  double high;
};

/// What the plant takes, by lever.
constexpr std::array<LeverRange, kLevers> kLeverRanges{{{17, 26}, {6, 12}, {8, 28}, {.35, 1}}};

/// Who takes energy. All but `servers` is cooling: servers' fans too, so that warmer air is not
/// free.
enum class Consumer { servers, server_fans, room_fans, chiller, tower_fan, pumps };
constexpr size_t kConsumers = 6;

/// What the building's sensors show after a step.
enum class Reading {
  hottest_inlet,   // C, over racks, at the end of the step
  coldest_inlet,   // C
  hot_aisle,       // C
  condenser_in,    // C, water of the tower's basin
  supply_air,      // C
  coil_use,        // share of the heat that the coils could take
  minutes_outside  // of this step, with any rack outside ASHRAE's range
};
constexpr size_t kReadings = 7;

/// Where heat stays: in each group's racks, in the hot aisle, in the tower's basin.
constexpr size_t kHeatStores = kRackGroups + 2;
constexpr size_t kHotAisle = kRackGroups;
constexpr size_t kBasin = kRackGroups + 1;

/// One environment within a control step.
struct HallState {
  std::array<double, kHeatStores> stores;  // C
  std::array<double, kRackGroups> inlets;  // C, of 30 s before: what servers' fans go by
  double dry_bulb, wet_bulb, load;         // C, C, 0 to 1
  std::array<double, kLevers> levers;
  std::array<double, kReadings> readings;
  std::array<double, kConsumers> energy;  // J since the control step began
  double rejected;                        // J since then
};

/// One explicit Euler step of `seconds`. Heat that leaves one store enters another or is counted in
/// `energy` and `rejected`, so that the balance holds to rounding.
void step_hall(const Hall& hall, HallState& state, double seconds);

/// Joules in the stores over those at 0 C.
double stored_heat(const Hall& hall, const std::array<double, kHeatStores>& stores);

}  // namespace nas
