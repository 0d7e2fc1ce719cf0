#pragma once

#include <cstdint>
#include <string>

namespace nas {

struct CudaDeviceFacts {
  std::string name;
  std::string uuid;        // "GPU-01234567-89ab-cdef-0123-456789abcdef", as NVML has it
  std::string capability;  // "9.0"
  int64_t memory = 0;      // bytes
  int64_t driver = 0;      // newest CUDA version that the driver serves, 13000 for 13.0
};

/// Only in programs compiled with CUDA.
CudaDeviceFacts cuda_device_facts(int64_t index);

/// The stream (a cudaStream_t) on which LibTorch now runs work of device `index`.
void* current_cuda_stream(int64_t index);

}  // namespace nas
