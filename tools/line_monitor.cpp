#include "tools/line_monitor.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace nas {

Advice LineMonitor::report(const Progress& progress) {
  fmt::print("{}: {} {}/{}", name_, progress.unit, progress.done, progress.total);
  for (const auto& [name, value] : progress.metrics) fmt::print("  {} {:.4g}", name, value);
  fmt::print("\n");
  std::fflush(stdout);
  return Advice::go_on;
}

void warn_on_standard_error(const std::string& text) { fmt::print(stderr, "warning: {}\n", text); }

}  // namespace nas
