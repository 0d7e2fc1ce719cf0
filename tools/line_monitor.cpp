#include "tools/line_monitor.hpp"

#include <fmt/core.h>

#include "tools/output.hpp"

namespace nas {

Advice LineMonitor::report(const Progress& progress) {
  fmt::print(out_, "{}{} {}/{}", prefix_, progress.unit, progress.done, progress.total);
  for (const auto& [name, value] : progress.metrics) fmt::print(out_, "  {} {:.4g}", name, value);
  fmt::print(out_, "\n");
  std::fflush(out_);
  return Advice::go_on;
}

void warn_on_standard_error(const std::string& text) { tell_on_standard_error("warning: " + text); }

}  // namespace nas
