#include "nas/report/report_config.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, ReportConfig& config) {
  section.real("price_per_hour", config.price_per_hour, {0, 1e6, ""},
               "of one worker's computing; 0: the report estimates no money for it");
  section.real("power", config.power, {0, 1e6, "W"},
               "that one worker draws; 0: the report estimates no energy");
  section.real("price_per_kwh", config.price_per_kwh, {0, 1e3, ""},
               "of that energy, beside price_per_hour");
  section.text("currency", config.currency, "that prices are in");
  if (config.price_per_kwh > 0 && config.power == 0) {
    section.mistake("price_per_kwh", "needs power, the watts that one worker draws");
  }
}

}  // namespace nas
