#include "nas/run/experiment_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

/// Whether a run of this name lies in a folder of its own below runs/.
bool names_folder(std::string_view name) {
  constexpr size_t kLongest = 255;  // bytes, of file systems in use
  const bool odd = std::any_of(name.begin(), name.end(),
                               [](unsigned char c) { return c == '/' || c < 0x20 || c == 0x7f; });
  return !name.empty() && name.size() <= kLongest && !odd && name != "." && name != "..";
}

void describe_execution(Section& section, ExecutionConfig& config) {
  section.text("device", config.device, "cpu, cuda, cuda:N or auto");
  section.integer("threads", config.threads, {1, 1024, "threads"},
                  "CPU threads of one trial; part of what decides bits");
  section.boolean("deterministic", config.deterministic,
                  "same bits whenever it is run again; false is faster on some devices");
  static constexpr std::string_view kKernels[] = {"automatic", "reference"};
  section.one_of("kernels", config.kernels, kKernels,
                 "reference: LibTorch's layers one by one; automatic: joined where that is faster");
  static constexpr std::string_view kGraphs[] = {"auto", "true", "false"};
  section.one_of("cuda_graph", config.cuda_graph, kGraphs,
                 "auto: a GPU records a training step once and replays it where that can be; true: "
                 "the same, and a warning where it cannot");
  section.section("checkpoint", "how often a training is saved",
                  [&](Section& checkpoint) { describe(checkpoint, config.checkpoint); });
}

void describe(Section& section, SearchBudget& budget) {
  section.real("total", budget.total, {0, 1e12, ""},
               "epochs that all trials together are trained (units of `budget` for a command; 1 a "
               "trial without): what promotions add, what stopped trials had reached");
  section.duration("wall_time", budget.wall_time, {0, 1e9, ""},
                   "time, over all attempts of the run together");
  if (budget.total > 0 || budget.wall_time > 0) budget.trials = 0;  // limit enough
  section.integer("trials", budget.trials, {0, 1'000'000'000, "trials"},
                  "number of trials; 0 where not given beside `total` or `wall_time`");
  section.duration("trial_time", budget.trial_time, {0, 1e9, ""},
                   "time that one trial may take in one go; longer ones fail as 'timeout', so that "
                   "results may depend on the machine");
  if (budget.trials == 0 && budget.wall_time == 0 && budget.total == 0) {
    section.mistake("trials", "trials, wall_time and total are all 0, expected a limit");
  }
}

void refuse_repeated(Section& section, const Objectives& objectives) {
  std::set<std::string_view> seen;
  for (const auto& objective : objectives) {
    if (seen.insert(objective.metric).second) continue;
    section.mistake("objectives", "names the metric '" + objective.metric + "' twice");
  }
}

void describe_search(Section& section, ExperimentConfig& config) {
  section.section("controller", "what picks the candidates", [&](Section& controller) {
    controller.integer(
        "lag", config.lag, {0, 1'000'000, "trials"},
        "a proposal has seen all results but the newest lag - 1; at least the number "
        "of workers that shall work at once. 0: 1 for tables, else 8");
  });
  section.items("objectives", "what is better",
                [&](Section& item) { describe(item, config.objectives.emplace_back()); });
  if (config.objectives.empty()) config.objectives.emplace_back();
  refuse_repeated(section, config.objectives);
  describe(section, config.constraints);
  section.section("budget", "when the search ends; 0: no limit",
                  [&](Section& budget) { describe(budget, config.budget); });
  section.integer("workers", config.workers, {0, 4096, "workers"},
                  "trials at once; 0: one a GPU, or one per `threads` CPU cores");
  section.integer(
      "workers_per_gpu", config.workers_per_gpu, {0, 64, "workers"},
      "trials at once on each GPU where `workers` is 0; 0: one at first, then as many as "
      "fit by the memory that the largest took");
}

}  // namespace

void describe(Section& section, ExperimentConfig& config) {
  section.section("experiment", "what is being done", [&](Section& experiment) {
    experiment.text("name", config.name, "name of the run");
    if (!names_folder(config.name)) {
      experiment.mistake("name", fmt::format("found '{}', expected the name of a folder in runs/",
                                             printable(config.name)));
    }
    auto seed = static_cast<int64_t>(config.seed);
    experiment.integer("seed", seed, {0, INT64_MAX, ""}, "of everything random");
    config.seed = static_cast<uint64_t>(seed);
  });
  section.section("data", "what is learnt from",
                  [&](Section& data) { describe(data, config.data); });
  describe_search(section, config);
  describe_execution(section, config.execution);
  section.section("hardware",
                  "how latency, peak memory and energy of candidates are measured, never twice the "
                  "same; predictions from `table` are",
                  [&](Section& hardware) { describe(hardware, config.hardware); });
  if (section.has("store")) {
    section.section("store", "a database that workers on many nodes share; empty: SQLite",
                    [&](Section& store) { describe(store, config.store); });
  }
  section.text("stop_signal", config.stop_signal,
               "signal beside INT and TERM after which the state is saved: USR2, HUP, ..., none");
  try {
    signal_number(config.stop_signal.c_str());
  } catch (const UsageError& error) {
    section.mistake("stop_signal", error.what());
  }
}

}  // namespace nas
