#pragma once

#include <functional>
#include <vector>

#include "nas/hardware/hardware_config.hpp"
#include "nas/hardware/latency_table.hpp"

namespace nas {

/// A latency table of these layers (one entry a key, however often it is given), each run alone on
/// config.device in inference mode: the median of `runs` passes after `warmup`. `progress` hears
/// how many of how many are done.
LatencyTable measure_table(const HardwareConfig& config, const std::vector<TimedLayer>& layers,
                           const std::function<void(size_t done, size_t total)>& progress);

}  // namespace nas
