#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nas/cooling/simulator.hpp"
#include "nas/cooling/weather.hpp"

namespace nas {

class Section;

/// What drives the halls: a year of weather at each site, and of load.
struct Traces {
  std::vector<std::string> names;  // of sites, as configurations name them
  std::vector<Weather> sites;      // by the same index
  std::vector<double> load;        // hourly, 0 to 1
};

/// Files of the user's own beside what travels in the program.
struct TracesConfig {
  std::map<std::string, std::string> weather;  // EPW file by the name that scenarios give it
  std::string load;                            // CSV file; empty: the trace of the program
};

/// Keys `weather` and `load`.
void describe(Section& section, TracesConfig& config);

/// Names of the sites whose weather is built into the program.
std::vector<std::string> embedded_sites();

/// Reads the named sites and the load. Throws InputError for a name that is neither of the program
/// nor of the configuration, and for a malformed file.
Traces read_traces(const TracesConfig& config, std::span<const std::string> sites);

/// A stretch of the year at a site.
struct TimeWindow {
  size_t site = 0;
  int64_t first = 0;  // control steps since the year began
  int64_t steps = 0;
};

/// Fills `forcing` with what each window has `step` control steps after it began: hourly values,
/// linear between them, the year closed to a ring.
void forcing_at(const Traces& traces, std::span<const TimeWindow> windows, int64_t step,
                Forcing& forcing);

}  // namespace nas
