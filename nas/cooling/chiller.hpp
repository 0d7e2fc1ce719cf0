#pragma once

#include <algorithm>

namespace nas {

/// A chiller by its curves: EnergyPlus' Chiller:Electric (Engineering Reference, "Electric chiller
/// based on fluid temperature differences"; its ChillerElectric.cc).
struct Chiller {
  double nominal_capacity;    // W
  double nominal_cop;         // W of heat a W of power
  double condenser_design;    // C, of the fluid that enters the condenser
  double temperature_rise;    // K of that fluid a K of the leaving chilled water
  double evaporator_design;   // C, of the leaving chilled water
  double a0, a1, a2;          // capacity by temperature difference
  double b0, b1, b2;          // full-load power by capacity
  double c0, c1, c2;          // share of it by part load
  double smallest_part_load;  // below it the chiller cycles
};

/// EnergyPlus' data set of a water-cooled centrifugal chiller, COP 4.75, sized to W. Note the sign
/// of a2: with the opposite one a chiller would become better in the heat.
constexpr Chiller water_cooled_chiller(double capacity) {
  return {capacity, 4.75,      29.44,    2.682759, 6.667, .944836, -.0570088, -.00185486,
          1.907846, -1.204987, .2634623, .03303,   .6852, .2818,   .15};
}

/// Heat in W that the chiller can take out of water that leaves at `evaporator_out` C, its
/// condenser fed at `condenser_in` C.
inline double chiller_capacity(const Chiller& chiller, double condenser_in, double evaporator_out) {
  const double difference = (condenser_in - chiller.condenser_design) / chiller.temperature_rise -
                            (evaporator_out - chiller.evaporator_design);
  return chiller.nominal_capacity *
         (chiller.a0 + chiller.a1 * difference + chiller.a2 * difference * difference);
}

/// Power in W at a load of `heat` W, of a chiller that can take `capacity` W.
inline double chiller_power(const Chiller& chiller, double capacity, double heat) {
  const double ratio = capacity / chiller.nominal_capacity;
  const double full = chiller.b0 + chiller.b1 * ratio + chiller.b2 * ratio * ratio;
  const double load = heat / capacity;
  const double part = std::min(std::max(load, chiller.smallest_part_load), 1.0);
  const double share = chiller.c0 + chiller.c1 * part + chiller.c2 * part * part;
  const double running = std::min(1.0, load / chiller.smallest_part_load);
  return share * full * capacity / chiller.nominal_cop * running;
}

}  // namespace nas
