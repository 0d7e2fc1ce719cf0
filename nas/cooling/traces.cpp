#include "nas/cooling/traces.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/cooling/embedded_traces.hpp"
#include "nas/cooling/load_trace.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/gzip.hpp"

namespace nas {
namespace {

constexpr std::string_view kWeatherEnd = ".epw";
constexpr std::string_view kLoad = "alibaba_cpu_load.csv";

std::string embedded_text(std::string_view name) {
  for (const auto& trace : embedded_traces()) {
    if (trace.name == name) return inflate_gzip(trace.bytes, name);
  }
  return "";
}

Weather read_site(const TracesConfig& config, const std::string& name) {
  const auto own = config.weather.find(name);
  if (own != config.weather.end()) return read_epw(read_file(own->second), own->second);
  const std::string file = name + std::string(kWeatherEnd);
  const std::string text = embedded_text(file);
  if (!text.empty()) return read_epw(text, file);
  throw InputError(fmt::format("site: found '{}', expected one of {} or a name below `weather`",
                               name, fmt::join(embedded_sites(), ", ")));
}

/// Between two hours, `part` of the way.
double between(const std::vector<double>& hourly, int64_t hour, double part) {
  const auto now = static_cast<size_t>(hour);
  const size_t next = now + 1 == hourly.size() ? 0 : now + 1;
  return hourly[now] + part * (hourly[next] - hourly[now]);
}

}  // namespace

void describe(Section& section, TracesConfig& config) {
  section.entries("weather", "EPW files by the names that sites have",
                  [&](const std::string& key, Section& site) {
                    site.required({"file"});
                    site.path("file", config.weather[key], "an EPW file");
                  });
  if (section.has("load")) {
    section.path("load", config.load, "a CSV file with hourly cpu_load, 0 to 1");
  }
}

std::vector<std::string> embedded_sites() {
  std::vector<std::string> sites;
  for (const auto& trace : embedded_traces()) {
    if (!trace.name.ends_with(kWeatherEnd)) continue;
    sites.emplace_back(trace.name.substr(0, trace.name.size() - kWeatherEnd.size()));
  }
  return sites;
}

Traces read_traces(const TracesConfig& config, std::span<const std::string> sites) {
  Traces traces;
  for (const auto& name : sites) {
    if (std::find(traces.names.begin(), traces.names.end(), name) != traces.names.end()) continue;
    traces.names.push_back(name);
    traces.sites.push_back(read_site(config, name));
  }
  traces.load = config.load.empty() ? read_load_trace(embedded_text(kLoad), std::string(kLoad))
                                    : read_load_trace(read_file(config.load), config.load);
  return traces;
}

void forcing_at(const Traces& traces, std::span<const TimeWindow> windows, int64_t step,
                Forcing& forcing) {
  forcing.dry_bulb.resize(windows.size());
  forcing.wet_bulb.resize(windows.size());
  forcing.load.resize(windows.size());
  for (size_t i = 0; i < windows.size(); ++i) {
    const int64_t at = windows[i].first + step;
    const int64_t hour = at / kStepsPerHour % kHoursOfYear;
    const double part = static_cast<double>(at % kStepsPerHour) / kStepsPerHour;
    const Weather& weather = traces.sites[windows[i].site];
    forcing.dry_bulb[i] = between(weather.dry_bulb, hour, part);
    forcing.wet_bulb[i] = between(weather.wet_bulb, hour, part);
    forcing.load[i] = between(traces.load, hour, part);
  }
}

}  // namespace nas
