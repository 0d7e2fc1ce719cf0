#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nas/core/json_fwd.hpp"
#include "nas/kernels/kernel_choice.hpp"
#include "nas/torch/repeated_work.hpp"

namespace nas {

/// cpu, cuda, cuda:N or auto (cuda where there is one). Throws UsageError where it is not there.
torch::Device select_device(std::string_view name);

/// The device of one of several processes of a machine: where `name` leaves it open which GPU, that
/// of its number among them.
std::string device_of_process(std::string_view name, int64_t local_rank);

/// Threads of one trial on the CPU, and the switches that decide bits. Call once per
/// process before any tensor work; CUBLAS_WORKSPACE_CONFIG is set here too.
struct Determinism {
  int64_t threads = 1;
  bool deterministic = true;
  KernelChoice kernels = KernelChoice::automatic;
  GraphChoice graphs = GraphChoice::automatic;
};
void configure_torch(const Determinism& options);

/// Names and versions of device, driver, LibTorch, cuDNN and CPU instruction set, for provenance.
Json describe_device(torch::Device device);

/// Bytes of a GPU: the most that this process has taken since it was last asked, and all.
struct DeviceMemory {
  int64_t used = 0;
  int64_t total = 0;
};
/// Nothing for other devices. Memory that is kept for later is given back, so that other processes
/// find it.
std::optional<DeviceMemory> take_device_memory(torch::Device device);

/// Waits until the device has done everything given to it (nothing to do on the CPU).
void synchronize(torch::Device device);

}  // namespace nas
