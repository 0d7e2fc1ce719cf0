#pragma once

#include <torch/types.h>

#include <memory>

#include "nas/hardware/energy_counter.hpp"

namespace nas {

/// RAPL of the CPU, NVML of a CUDA device. Throws UsageError where it is not there, naming what was
/// looked for.
std::unique_ptr<EnergyCounter> make_energy_counter(torch::Device device);

}  // namespace nas
