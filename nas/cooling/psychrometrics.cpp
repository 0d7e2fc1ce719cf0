#include "nas/cooling/psychrometrics.hpp"

#include <cmath>

namespace nas {
namespace {

constexpr double kKelvin = 273.15;
/// Molar mass of water over that of dry air.
constexpr double kMassRatio = 0.621945;

/// kg of water a kg of dry air at a vapour pressure.
double humidity_ratio(double vapour, double pressure) {
  return kMassRatio * vapour / (pressure - vapour);
}

/// Humidity ratio of air that has this wet bulb.
double humidity_ratio_at(double dry_bulb, double wet, double pressure) {
  const double saturated = humidity_ratio(saturation_pressure(wet), pressure);
  if (wet >= 0) {
    return ((2501 - 2.326 * wet) * saturated - 1.006 * (dry_bulb - wet)) /
           (2501 + 1.86 * dry_bulb - 4.186 * wet);
  }
  return ((2830 - 0.24 * wet) * saturated - 1.006 * (dry_bulb - wet)) /
         (2830 + 1.86 * dry_bulb - 2.1 * wet);
}

}  // namespace

double saturation_pressure(double temperature) {
  const double t = temperature + kKelvin;
  if (temperature < 0) {
    return std::exp(-5.6745359e3 / t + 6.3925247 - 9.677843e-3 * t + 6.2215701e-7 * t * t +
                    2.0747825e-9 * t * t * t - 9.484024e-13 * t * t * t * t +
                    4.1635019 * std::log(t));
  }
  return std::exp(-5.8002206e3 / t + 1.3914993 - 4.8640239e-2 * t + 4.1764768e-5 * t * t -
                  1.4452093e-8 * t * t * t + 6.5459673 * std::log(t));
}

double wet_bulb(double dry_bulb, double relative_humidity, double pressure) {
  const double vapour = relative_humidity / 100 * saturation_pressure(dry_bulb);
  const double wanted = humidity_ratio(vapour, pressure);
  double low = dry_bulb - 60;
  double high = dry_bulb;
  for (int i = 0; i < 40; ++i) {  // 60 K halved 40 times: far below a sensor's error
    const double middle = (low + high) / 2;
    (humidity_ratio_at(dry_bulb, middle, pressure) < wanted ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace nas
