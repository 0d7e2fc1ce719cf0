#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "nas/cooling/cooling_controller.hpp"
#include "nas/cooling/traces.hpp"

namespace nas {

/// What a controller took over some windows.
struct Assessment {
  std::array<double, kConsumers> energy{};  // kWh
  double minutes_outside = 0;               // over windows, of any rack outside ASHRAE's range
  double hours = 0;                         // over windows

  /// kWh of all but the servers' electronics.
  double cooling_energy() const;
};

/// Percent by which `energy` is below that of a baseline.
double saving(double energy, double baseline);

/// Steps before anything is counted: an hour, for what the start left.
constexpr int64_t kSettlingSteps = kStepsPerHour;

/// Runs all windows, of one length, side by side.
Assessment assess(const Hall& hall, const Traces& traces, std::span<const TimeWindow> windows,
                  CoolingController& controller);

}  // namespace nas
