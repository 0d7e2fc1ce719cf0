#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "tools/number_checks.hpp"
#include "tools/program.hpp"
#include "tools/run_experiment.hpp"
#include "tools/run_options.hpp"
#include "tools/run_store.hpp"
#include "tools/set_option.hpp"
#include "tools/summary.hpp"
#include "tools/together.hpp"

namespace nas {
namespace {

/// Runs of more seeds are watched by nobody: they print nothing, and a report of each would take
/// longer than a search in a table.
constexpr int64_t kMostWatched = 4;

struct Options {
  std::string config;
  std::string folder;
  std::vector<std::string> overrides;
  std::string device;
  int64_t repeat = 0;
  RunOptions run;
};

std::vector<std::string> overrides_of(const Options& options) {
  auto overrides = options.overrides;
  if (!options.device.empty()) overrides.push_back("device=" + options.device);
  return overrides;
}

Experiment read(const Options& options, const std::vector<std::string>& overrides,
                const Program& program) {
  Experiment experiment = read_experiment(options.config, overrides, program.parts);
  prepare_run(experiment, options.run, program);
  return experiment;
}

void run_repeated(const Options& options, const std::filesystem::path& folder, uint64_t seed,
                  const Program& program) {
  const bool watched = options.repeat <= kMostWatched;
  const Output output = options.run.quiet || !watched ? Output::quiet : Output::normal;
  std::vector<Json> results;
  std::vector<std::string> failures;
  for (int64_t i = 0; i < options.repeat; ++i) {
    const uint64_t this_seed = seed + static_cast<uint64_t>(i);
    auto overrides = overrides_of(options);
    overrides.push_back(fmt::format("experiment.seed={}", this_seed));
    Experiment experiment = read(options, overrides, program);
    experiment.report = experiment.report && watched;
    const auto own_folder = folder / fmt::format("seed-{}", this_seed);
    try {
      results.push_back(run_experiment(experiment, own_folder, program, output));
    } catch (const RunError& error) {
      failures.push_back(fmt::format("seed {}: {}", this_seed, error.what()));
    }
  }
  if (!results.empty()) print_spread(results);
  if (!failures.empty()) throw RunError(fmt::format("{}", fmt::join(failures, "\n")));
}

void run(const Options& options, const Program& program) {
  const Experiment experiment = read(options, overrides_of(options), program);
  const std::filesystem::path folder = folder_or_usual(options.folder, experiment);
  if (options.repeat > 0 && is_shared(experiment)) {
    throw UsageError("--repeat: runs of several seeds do not share one experiment of a store");
  }
  if (options.repeat > 0 && launched_together(experiment)) {
    throw UsageError("--repeat: several runs do not share processes that torchrun or srun started");
  }
  if (options.repeat > 0) return run_repeated(options, folder, experiment.config.seed, program);
  run_and_summarize(experiment, folder, options.run, program);
}

}  // namespace

void add_run(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("run", "Search, retrain and report, from a configuration");
  auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->config, "a configuration file")->required();
  command->add_option("--out", options->folder, "the run's folder (runs/NAME)");
  add_set_option(*command, options->overrides, "a key of the configuration: a.b=value");
  command->add_option("--device", options->device, "cpu, cuda, cuda:N or auto");
  command
      ->add_option("--repeat", options->repeat,
                   "runs with seeds s, s+1, ...; prints the spread; of more than four seeds `nas "
                   "report` writes the reports")
      ->check(positive_number());
  add_run_options(*command, options->run);
  command->callback([options, &program] { run(*options, program); });
}

}  // namespace nas
