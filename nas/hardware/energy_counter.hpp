#pragma once

#include <memory>
#include <string>

namespace nas {

/// A counter of the energy that a device has taken. What it counts is the device's own use with all
/// that runs on it, idle power among it.
class EnergyCounter {
 public:
  virtual ~EnergyCounter() = default;
  /// Joules since the counter was made. To be read more often than it wraps around (RAPL: minutes).
  virtual double joules() = 0;
};

/// Whether energy can be read on this machine for a device named so in a configuration: for cpu
/// through RAPL, for cuda through NVML, for auto through either. Throws UsageError naming what was
/// looked for.
void check_energy_counter(const std::string& device);

}  // namespace nas
