#pragma once

#include <cstdint>

namespace nas {

/// Measures what the current stream of a device does between start and stop. Only in programs
/// compiled with CUDA.
class CudaStopwatch {
 public:
  explicit CudaStopwatch(int64_t device);
  ~CudaStopwatch();
  CudaStopwatch(const CudaStopwatch&) = delete;
  CudaStopwatch& operator=(const CudaStopwatch&) = delete;

  void start() const;
  /// Seconds since start; waits for the stream.
  double stop() const;

 private:
  int64_t device_;
  void* first_ = nullptr;  // cudaEvent_t
  void* last_ = nullptr;
};

}  // namespace nas
