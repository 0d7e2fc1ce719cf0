#include "nas/torch/cuda_device.hpp"

#ifdef NAS_WITH_CUDA
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

namespace nas {

CudaDeviceFacts cuda_device_facts(int64_t index) {
  cudaDeviceProp properties{};
  C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, static_cast<int>(index)));
  int driver = 0;
  C10_CUDA_CHECK(cudaDriverGetVersion(&driver));
  CudaDeviceFacts facts;
  facts.name = properties.name;
  facts.capability = std::to_string(properties.major) + "." + std::to_string(properties.minor);
  facts.memory = static_cast<int64_t>(properties.totalGlobalMem);
  facts.driver = driver;
  return facts;
}

void* current_cuda_stream(int64_t index) {
  return c10::cuda::getCurrentCUDAStream(static_cast<c10::DeviceIndex>(index)).stream();
}

}  // namespace nas
#endif
