#include "nas/hardware/cuda_events.hpp"

#ifdef NAS_WITH_CUDA
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <cuda_runtime_api.h>

#include "nas/torch/cuda_device.hpp"

namespace nas {
namespace {

cudaEvent_t event_of(void* event) { return static_cast<cudaEvent_t>(event); }

cudaEvent_t made_event() {
  cudaEvent_t event = nullptr;
  C10_CUDA_CHECK(cudaEventCreate(&event));
  return event;
}

void record(void* event, int64_t device) {
  auto* stream = static_cast<cudaStream_t>(current_cuda_stream(device));
  C10_CUDA_CHECK(cudaEventRecord(event_of(event), stream));
}

}  // namespace

CudaStopwatch::CudaStopwatch(int64_t device) : device_(device) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  first_ = made_event();
  last_ = made_event();
}

CudaStopwatch::~CudaStopwatch() {
  for (void* event : {first_, last_}) {
    if (event != nullptr) C10_CUDA_CHECK_WARN(cudaEventDestroy(event_of(event)));
  }
}

void CudaStopwatch::start() const { record(first_, device_); }

double CudaStopwatch::stop() const {
  record(last_, device_);
  C10_CUDA_CHECK(cudaEventSynchronize(event_of(last_)));
  float milliseconds = 0;
  C10_CUDA_CHECK(cudaEventElapsedTime(&milliseconds, event_of(first_), event_of(last_)));
  return static_cast<double>(milliseconds) / 1000;
}

}  // namespace nas
#endif
