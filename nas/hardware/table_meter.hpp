#pragma once

#include <memory>

#include "nas/hardware/hardware_config.hpp"
#include "nas/hardware/network_meter.hpp"

namespace nas {

/// Predicts `latency` from config.table, the same on every machine. A network with a layer that the
/// table lacks is a Failure of kind "error" naming it. Throws InputError where the file is no table
/// or one of another batch size.
std::unique_ptr<NetworkMeter> make_table_meter(const HardwareConfig& config);

}  // namespace nas
