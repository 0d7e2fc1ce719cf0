#pragma once

#include <memory>
#include <string>

#include "nas/hardware/energy_counter.hpp"

namespace nas {

/// Throws UsageError where NVIDIA's management library is not there, naming it.
void check_nvml();

/// The total energy counter (Volta and newer) of the GPU with this UUID ("GPU-..."), by which
/// NVML's numbers, which know no CUDA_VISIBLE_DEVICES, are told from CUDA's. Throws UsageError
/// where the library, the GPU or its counter is not there.
std::unique_ptr<EnergyCounter> make_nvml_counter(const std::string& uuid);

}  // namespace nas
