#include "nas/torch/cuda_device.hpp"

#ifdef NAS_WITH_CUDA
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <string_view>

namespace nas {
namespace {

std::string uuid_text(const cudaUUID_t& uuid) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "GPU-";
  for (size_t i = 0; i < sizeof(uuid.bytes); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = static_cast<unsigned char>(uuid.bytes[i]);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

CudaDeviceFacts cuda_device_facts(int64_t index) {
  cudaDeviceProp properties{};
  C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, static_cast<int>(index)));
  int driver = 0;
  C10_CUDA_CHECK(cudaDriverGetVersion(&driver));
  CudaDeviceFacts facts;
  facts.name = properties.name;
  facts.uuid = uuid_text(properties.uuid);
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
