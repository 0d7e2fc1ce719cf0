#pragma once

namespace nas {

/// Saturation pressure of water vapour in Pa over water (0 C and above) or ice; `temperature` in C,
/// -100 to 200. Hyland and Wexler 1983, as in ASHRAE Handbook Fundamentals, chapter 1, equations 5
/// and 6.
double saturation_pressure(double temperature);

/// Thermodynamic wet bulb in C of air at `dry_bulb` C, `relative_humidity` percent and `pressure`
/// Pa: the root of the humidity ratio's equations 33 (above freezing) and 35 (below) of that
/// chapter.
double wet_bulb(double dry_bulb, double relative_humidity, double pressure);

}  // namespace nas
