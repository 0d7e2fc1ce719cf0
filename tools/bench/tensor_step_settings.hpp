#pragma once

#include <cstdint>
#include <string>

#include "nas/config/component.hpp"
#include "nas/hardware/timing.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// Settings that the benchmarks of a step share.
struct StepSettings {
  Component<Space, TaskShape> space;
  std::string input = "3x32x32";
  int64_t classes = 10;
  int64_t batch_size = 64;
  int64_t warmup = 2;
  int64_t runs = 10;
  int64_t threads = 1;
  std::string device = "auto";
  std::string kernels = "automatic";
  std::string cuda_graph = "auto";

  /// Throws InputError where `input` is no shape.
  TaskShape task() const;
  /// Steps that are run in all, one to spare.
  int64_t steps() const { return warmup + runs + 1; }
  /// Prepares LibTorch and tells what is to be timed where. Throws UsageError where the device is
  /// not there.
  TimingSetting prepare() const;
};

void describe(Section& section, StepSettings& settings);

}  // namespace nas
