#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nas/hardware/hardware_config.hpp"
#include "nas/hardware/network_meter.hpp"

namespace nas {

/// Runs each network on config.device and measures these of kHardwareMetrics:
///   latency      seconds, the median of `runs` forward passes after `warmup`
///   peak_memory  bytes, the most that the input and what a pass allocates take at once; weights
///                are not among it
///   energy       joules of a pass, the device's energy over passes of at least two seconds by
///                their number
/// Latency and energy differ from one measurement to the next. Throws UsageError where the device,
/// or a counter of its energy, is not there.
std::unique_ptr<NetworkMeter> make_device_meter(const HardwareConfig& config,
                                                const std::vector<std::string>& metrics);

}  // namespace nas
