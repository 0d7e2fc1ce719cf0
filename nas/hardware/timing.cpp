#include "nas/hardware/timing.hpp"

#include <chrono>

#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"
#ifdef NAS_WITH_CUDA
#include "nas/hardware/cuda_events.hpp"
#endif

namespace nas {
namespace {

double clocked(torch::Device device, const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  synchronize(device);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::vector<double> timed_runs(const TimingSetting& setting, const std::function<void()>& work) {
  for (int64_t i = 0; i < setting.warmup; ++i) work();
  synchronize(setting.device);
  std::vector<double> seconds;
#ifdef NAS_WITH_CUDA
  if (setting.device.is_cuda()) {
    const CudaStopwatch stopwatch(setting.device.index());
    for (int64_t i = 0; i < setting.runs; ++i) {
      stopwatch.start();
      work();
      seconds.push_back(stopwatch.stop());
    }
    return seconds;
  }
#endif
  for (int64_t i = 0; i < setting.runs; ++i) seconds.push_back(clocked(setting.device, work));
  return seconds;
}

ThreadCount::ThreadCount(int64_t threads) : before_(at::get_num_threads()) {
  at::set_num_threads(static_cast<int>(threads));
}

ThreadCount::~ThreadCount() { at::set_num_threads(before_); }

}  // namespace nas
