#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

namespace nas {

/// The most bytes that tensors on `device` took at once while `work` ran, beyond what was there
/// before: as LibTorch's allocators report them (on CUDA in their blocks of 512 bytes). What
/// libraries below allocate by themselves is not seen.
int64_t peak_allocation(torch::Device device, const std::function<void()>& work);

}  // namespace nas
