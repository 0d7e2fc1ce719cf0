#pragma once

#include <string>

namespace nas {

class Section;

/// What computing costs, for the estimates of a report. 0: not known, and not estimated.
struct ReportConfig {
  double price_per_hour = 0;  // of one worker
  double power = 0;           // watts that one worker draws
  double price_per_kwh = 0;   // beside price_per_hour
  std::string currency = "EUR";
};

void describe(Section& section, ReportConfig& config);

}  // namespace nas
