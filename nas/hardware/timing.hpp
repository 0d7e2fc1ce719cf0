#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace nas {

struct TimingSetting {
  torch::Device device = torch::kCPU;
  /// Calls before those that count.
  int64_t warmup = 10;
  int64_t runs = 50;
};

/// Seconds of each of `runs` calls of `work`, which leaves its work on the device: by the steady
/// clock on the CPU, by events on the current stream of a CUDA device.
std::vector<double> timed_runs(const TimingSetting& setting, const std::function<void()>& work);

/// CPU threads of LibTorch's operations while this lives.
class ThreadCount {
 public:
  explicit ThreadCount(int64_t threads);
  ~ThreadCount();
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_;
};

}  // namespace nas
