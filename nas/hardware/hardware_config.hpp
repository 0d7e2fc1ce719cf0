#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

class Section;

/// What a device says of a network: seconds, bytes and joules of one forward pass of a batch.
inline constexpr std::array<std::string_view, 3> kHardwareMetrics{"latency", "peak_memory",
                                                                  "energy"};

/// `hardware:` of a configuration: how networks are measured, or the latency table that stands for
/// measuring.
struct HardwareConfig {
  int64_t batch_size = 1;
  /// Forward passes before those that count.
  int64_t warmup = 10;
  /// Forward passes that the median is of.
  int64_t runs = 50;
  /// CPU threads of a forward pass.
  int64_t threads = 1;
  /// cpu, cuda, cuda:N or auto; empty: the device of the run.
  std::string device;
  /// File of a latency table (see LatencyTable); empty: latency is measured.
  std::string table;
  /// Measured beside those that objectives and constraints name.
  std::vector<std::string> metrics;
};

void describe(Section& section, HardwareConfig& config);

}  // namespace nas
