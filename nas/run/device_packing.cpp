#include "nas/run/device_packing.hpp"

#include <algorithm>

namespace nas {

void DevicePacking::note(int64_t used, int64_t total) {
  if (separated_ || used <= 0 || total <= 0) return;
  largest_ = std::max(largest_, used);
  // A tenth stays for what candidates take more than those before them.
  fitting_ = std::clamp<int64_t>(total / 10 * 9 / largest_, 1, most_);
}

}  // namespace nas
