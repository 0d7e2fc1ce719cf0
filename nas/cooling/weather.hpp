#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// A year of hourly outdoor air.
struct Weather {
  std::string site;              // "Tucson-Davis-Monthan.AFB"
  std::vector<double> dry_bulb;  // C
  std::vector<double> wet_bulb;  // C
};

constexpr int kHoursOfYear = 8760;

/// Reads EnergyPlus weather (EPW): eight header lines, then 8,760 hours of 35 fields, of which dry
/// bulb (7), relative humidity (9) and pressure (10) are used; the wet bulb follows from these.
/// Throws InputError naming `file`, the line, what was found and what was expected.
Weather read_epw(std::string_view text, const std::string& file);

}  // namespace nas
