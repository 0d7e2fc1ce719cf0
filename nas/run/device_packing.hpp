#pragma once

#include <cstdint>

namespace nas {

/// How many workers may work on GPUs at once, as their memory turns out: one a GPU until the first
/// has told what it took, then as many as the largest seen so far fits in beside one another.
class DevicePacking {
 public:
  /// At most `most` a GPU.
  DevicePacking(int64_t devices, int64_t most) : devices_(devices), most_(most) {}

  /// A worker took `used` of a GPU's `total` bytes.
  void note(int64_t used, int64_t total);
  /// A worker that had a GPU not for itself ran out of memory: from now on each has.
  void separate() {
    fitting_ = 1;
    separated_ = true;
  }

  int64_t devices() const { return devices_; }
  int64_t workers() const { return devices_ * fitting_; }

 private:
  int64_t devices_;
  int64_t most_;
  int64_t largest_ = 0;
  int64_t fitting_ = 1;
  bool separated_ = false;
};

}  // namespace nas
