#include <chrono>
#include <thread>

#include "nas/cooling/assessment.hpp"
#include "nas/cooling/fixed_set_points.hpp"
#include "nas/cooling/predictive.hpp"
#include "nas/cooling/scenario.hpp"
#include "nas/cooling/trim_respond.hpp"
#include "nas/core/machine.hpp"
#include "nas/core/statistics.hpp"
#include "tools/bench/benchmark.hpp"

namespace nas {
namespace {

struct Options {
  ScenarioConfig scenario{{"atlanta", "dallas"}, 3, 4};
  TracesConfig traces;
  int64_t threads = 2;
  int64_t environments = 256;
  int64_t steps = 500;
  int64_t repeats = 5;
  int64_t horizon = 12;
};

void describe(Section& section, Options& options) {
  describe(section, options.scenario);
  describe(section, options.traces);
  section.integer("threads", options.threads, {1, 1024, "threads"}, "each with its own halls");
  section.integer("environments", options.environments, {1, 1'000'000, "halls"}, "of a thread");
  section.integer("steps", options.steps, {1, 1'000'000, "steps"}, "of a repetition");
  section.integer("repeats", options.repeats, {1, 1000, ""}, "timings");
  section.integer("horizon", options.horizon, {0, 288, "steps"},
                  "of predictive control; 0: without it, it takes the longest");
}

/// Steps of the simulator alone, at conventional set points.
void simulate(const Traces& traces, int64_t environments, int64_t steps) {
  std::vector<TimeWindow> windows;
  for (int64_t i = 0; i < environments; ++i) {
    const auto site = static_cast<size_t>(i) % traces.sites.size();
    windows.push_back({site, i * kStepsPerHour, steps});
  }
  FixedSetPoints fixed;
  assess(Hall(), traces, windows, fixed);
}

double seconds_per_step(const Traces& traces, const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::jthread> threads;
  for (int64_t i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] { simulate(traces, options.environments, options.steps); });
  }
  threads.clear();
  const auto spent = std::chrono::steady_clock::now() - start;
  return std::chrono::duration<double>(spent).count() /
         static_cast<double>(options.threads * options.environments * options.steps);
}

Json figures(const Assessment& found, const Assessment& fixed, const Assessment& trim_respond) {
  const double energy = found.cooling_energy();
  return {{"cooling_energy", energy},
          {"saving_over_fixed", saving(energy, fixed.cooling_energy())},
          {"saving", saving(energy, trim_respond.cooling_energy())},
          {"minutes_outside", found.minutes_outside}};
}

/// kWh, percent and minutes of each controller over the scenario.
Json compare(const Traces& traces, const Options& options) {
  const auto windows = weeks_of(options.scenario, traces);
  FixedSetPoints fixed;
  TrimRespond trim_respond;
  const Assessment by_fixed = assess(Hall(), traces, windows, fixed);
  const Assessment by_trim = assess(Hall(), traces, windows, trim_respond);
  Json found = {{"hours", by_fixed.hours},
                {"servers", by_fixed.energy[static_cast<size_t>(Consumer::servers)]},
                {"fixed", figures(by_fixed, by_fixed, by_trim)},
                {"trim_respond", figures(by_trim, by_fixed, by_trim)}};
  if (options.horizon > 0) {
    PredictiveOptions predictive;
    predictive.horizon = options.horizon;
    PredictiveControl model(Hall(), traces, windows, predictive);
    found["predictive"] = figures(assess(Hall(), traces, windows, model), by_fixed, by_trim);
  }
  return found;
}

}  // namespace

Json bench_cooling(const BenchRequest& request, const Program&) {
  Options options;
  const Json settings = read_settings("cooling", "{}", request.settings,
                                      [&](Section& section) { describe(section, options); });
  const Traces traces = read_traces(options.traces, options.scenario.sites);
  BenchResult result{"cooling", settings, {}, "seconds a step", processor_facts(), 0};
  for (int64_t i = 0; i < options.repeats; ++i) {
    result.samples.push_back(seconds_per_step(traces, options));
  }
  result.peak_memory = peak_resident_memory();
  result.more["steps_per_second"] = 1 / median(result.samples);
  result.more["controllers"] = compare(traces, options);
  return to_json(result);
}

}  // namespace nas
