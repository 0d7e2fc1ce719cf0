#include "tools/bench/tensor_benchmarks.hpp"

#include <c10/core/CachingDeviceAllocator.h>

#include "nas/core/machine.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

TrainingData noise(const TaskShape& task, int64_t examples, torch::Device device) {
  torch::manual_seed(0);
  const Shape& shape = task.input;
  TrainingData data;
  data.task = task;
  data.train.images =
      torch::randint(0, 256, {examples, shape.channels, shape.height, shape.width}, torch::kUInt8)
          .to(device);
  data.train.labels = torch::arange(examples, torch::kInt64).remainder(task.classes).to(device);
  data.normalization.mean = torch::full({1, shape.channels, 1, 1}, 0.5F).to(device);
  data.normalization.deviation = torch::full({1, shape.channels, 1, 1}, 0.3F).to(device);
  for (int64_t i = 0; i < task.classes; ++i) data.class_names.push_back(std::to_string(i));
  return data;
}

int64_t peak_memory_of(torch::Device device) {
  if (device.is_cpu()) return peak_resident_memory();
  constexpr auto kAll = static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  const auto stats = c10::getDeviceAllocator(device.type())->getDeviceStats(device.index());
  return stats.allocated_bytes[kAll].peak;
}

}  // namespace nas
