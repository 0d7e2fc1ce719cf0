#pragma once

#include <algorithm>

namespace nas {

/// Approach in K of the water that leaves a cooling tower to the air's wet bulb: the YorkCalc
/// correlation (EnergyPlus Engineering Reference, "Variable speed cooling towers", equation and
/// table of 27 coefficients). `range` is how far the water is cooled, K; `liquid_to_gas` the
/// water's share of its design flow over the air's. Arguments are held within the correlation's
/// bounds.
inline double tower_approach(double wet_bulb, double range, double liquid_to_gas) {
  const double t = std::min(std::max(wet_bulb, -34.4), 26.6667);
  const double r = std::min(std::max(range, 1.1111), 22.2222);
  const double g = std::min(liquid_to_gas, 8.0);
  const double t2 = t * t;
  const double constant = -.359741205 - .055053608 * t + .0023850432 * t2 +
                          (.173926877 - .0248473764 * t + .00048430224 * t2 +
                           (-.005589849456 + .0005770079712 * t - .00001342427256 * t2) * r) *
                              r;
  const double linear = 2.84765801111111 - .121765149 * t + .0014599242 * t2 +
                        (1.680428651 - .0166920786 * t - .0007190532 * t2 +
                         (-.025485194448 + .0000487491696 * t + .00002719234152 * t2) * r) *
                            r;
  const double square = -.0653766255555556 - .002278167 * t + .0002500254 * t2 +
                        (-.0910565458 + .00318176316 * t + .000038621772 * t2 +
                         (-.0034285382352 + .00000856589904 * t - .000001516821552 * t2) * r) *
                            r;
  return std::min(std::max(constant + (linear + square * g) * g, 1.1111), 40.0);
}

/// Least share of its speed at which a tower's fan runs without a stop.
constexpr double kTowerLeastSpeed = .15;
/// Share of the heat that a tower loses with its fan standing, by free convection (the default of
/// EnergyPlus' variable speed tower).
constexpr double kTowerFreeConvection = .125;

/// Power of a tower's fan as a share of its largest, by its speed of kTowerLeastSpeed to 1:
/// EnergyPlus' example 2ZoneDataCenterHVAC_wEconomizer_CW.
inline double tower_fan_share(double speed) {
  return -.009315163 + (.0512333966 + (-.0838364671 + 1.0419182336 * speed) * speed) * speed;
}

}  // namespace nas
