#include "nas/cooling/psychrometrics.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Stull, "Wet-bulb temperature from relative humidity and air temperature", J. Appl. Meteorol.
/// Climatol. 50 (2011), equation 1: a fit at sea level, good to 0.65 K where it is meant for.
double stull(double t, double humidity) {
  return t * std::atan(.151977 * std::sqrt(humidity + 8.313659)) + std::atan(t + humidity) -
         std::atan(humidity - 1.676331) +
         .00391838 * std::pow(humidity, 1.5) * std::atan(.023101 * humidity) - 4.686035;
}

}  // namespace

TEST_CASE("saturation pressures are those of ASHRAE's table", "[cooling]") {
  // Handbook Fundamentals, chapter 1, table 3.
  REQUIRE(saturation_pressure(-20) == Approx(103.24).epsilon(2e-3));
  REQUIRE(saturation_pressure(0.01) == Approx(611.7).epsilon(2e-3));
  REQUIRE(saturation_pressure(20) == Approx(2338.9).epsilon(2e-3));
  REQUIRE(saturation_pressure(40) == Approx(7383.5).epsilon(2e-3));
}

TEST_CASE("the wet bulb agrees with Stull's formula at sea level", "[cooling]") {
  for (const double t : {5., 20., 35.}) {
    for (const double humidity : {20., 50., 90.}) {
      REQUIRE(wet_bulb(t, humidity, 101325) == Approx(stull(t, humidity)).margin(.7));
    }
  }
  REQUIRE(wet_bulb(20, 50, 101325) == Approx(13.7).margin(.2));
}

TEST_CASE("saturated air is at its wet bulb and thinner air dries further", "[cooling]") {
  for (const double t : {-15., 3., 28.}) {
    REQUIRE(wet_bulb(t, 100, 101325) == Approx(t).margin(1e-3));
    REQUIRE(wet_bulb(t, 30, 80000) < wet_bulb(t, 30, 101325));
  }
}

}  // namespace nas
