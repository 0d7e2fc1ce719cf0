#include "nas/hardware/allocation_peak.hpp"

#include <c10/core/Allocator.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <memory>

#include "nas/torch/device.hpp"

namespace nas {
namespace {

/// Hears of every allocation that this thread makes on the CPU, and of the end of those.
class Allocations final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void* /*pointer*/, int64_t bytes, size_t /*allocated*/,
                         size_t /*reserved*/, c10::Device device) override {
    if (!device.is_cpu()) return;
    live_ += bytes;
    peak_ = std::max(peak_, live_);
  }
  bool memoryProfilingEnabled() const override { return true; }
  int64_t peak() const { return peak_; }

 private:
  int64_t live_ = 0;
  int64_t peak_ = 0;
};

int64_t peak_on_cpu(const std::function<void()>& work) {
  const auto allocations = std::make_shared<Allocations>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, allocations);
  work();
  return allocations->peak();
}

int64_t peak_on_accelerator(torch::Device device, const std::function<void()>& work) {
  constexpr auto kAll = static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  synchronize(device);
  auto* allocator = c10::getDeviceAllocator(device.type());
  allocator->resetPeakStats(device.index());
  const int64_t before = allocator->getDeviceStats(device.index()).allocated_bytes[kAll].current;
  work();
  synchronize(device);
  return allocator->getDeviceStats(device.index()).allocated_bytes[kAll].peak - before;
}

}  // namespace

int64_t peak_allocation(torch::Device device, const std::function<void()>& work) {
  return device.is_cpu() ? peak_on_cpu(work) : peak_on_accelerator(device, work);
}

}  // namespace nas
