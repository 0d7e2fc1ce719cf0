#pragma once

#include <torch/types.h>

#include "nas/train/train_config.hpp"

namespace nas {

/// While it lives, operations that may run in bfloat16 do (autocast), on the device's kind. float32
/// does nothing.
class AutocastScope {
 public:
  AutocastScope(Precision precision, torch::Device device);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  bool active_;
  torch::DeviceType type_;
};

}  // namespace nas
