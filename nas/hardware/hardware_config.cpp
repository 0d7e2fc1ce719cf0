#include "nas/hardware/hardware_config.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/core/text.hpp"

namespace nas {

void describe(Section& section, HardwareConfig& config) {
  section.integer("batch_size", config.batch_size, {1, 1 << 20, "examples"},
                  "of a measured forward pass");
  section.integer("warmup", config.warmup, {0, 1'000'000, "passes"}, "before those that count");
  section.integer("runs", config.runs, {1, 1'000'000, "passes"}, "that the median is of");
  section.integer("threads", config.threads, {1, 1024, "threads"}, "CPU threads of a pass");
  section.text("device", config.device, "cpu, cuda, cuda:N or auto; empty: the run's");
  section.path("table", config.table,
               "latency table that latency is predicted from; empty: it is measured");
  section.texts("metrics", config.metrics,
                "of latency, peak_memory, energy: measured though no objective or constraint "
                "names them, or in place of the evaluator's own");
  for (const auto& name : config.metrics) {
    if (std::find(kHardwareMetrics.begin(), kHardwareMetrics.end(), name) !=
        kHardwareMetrics.end()) {
      continue;
    }
    section.mistake("metrics", fmt::format("found '{}', expected {}", printable(name),
                                           fmt::join(kHardwareMetrics, ", ")));
  }
}

}  // namespace nas
