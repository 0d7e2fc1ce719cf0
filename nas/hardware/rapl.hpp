#pragma once

#include <filesystem>
#include <memory>

#include "nas/hardware/energy_counter.hpp"

namespace nas {

/// Where Linux shows the processors' energy counters.
inline constexpr const char* kPowercapFolder = "/sys/class/powercap";

/// The sum of all packages and memories (zones named package-N and dram) below `folder`, each
/// wrapping around at its max_energy_range_uj. Throws UsageError where there is none that can be
/// read, naming what was looked for.
std::unique_ptr<EnergyCounter> make_rapl_counter(const std::filesystem::path& folder);

}  // namespace nas
