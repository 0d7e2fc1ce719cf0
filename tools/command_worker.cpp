#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "tools/program.hpp"
#include "tools/run_experiment.hpp"
#include "tools/run_store.hpp"
#include "tools/summary.hpp"

namespace nas {
namespace {

struct Options {
  std::string config;
  std::string folder;
  std::vector<std::string> overrides;
  int64_t workers = 0;
  bool quiet = false;
};

void work(const Options& options, const Program& program) {
  Experiment experiment = read_experiment(options.config, options.overrides, program.parts);
  if (!is_shared(experiment)) {
    throw ConfigError(
        {fmt::format("{}: store.url: missing; it names the database that the workers "
                     "of an experiment share: 'store: {{url: "
                     "postgresql://host/database}}'",
                     options.config)});
  }
  if (!experiment.controller.make) become_tensor_program(program);
  if (options.workers > 0) experiment.config.workers = options.workers;
  const std::filesystem::path folder =
      options.folder.empty() ? "runs/" + experiment.config.name : options.folder;
  const Json best =
      run_experiment(experiment, folder, program, options.quiet ? Output::quiet : Output::normal);
  if (!options.quiet && !best.is_null()) print_summary(best, folder);
}

}  // namespace

void add_worker(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "worker", "Join the experiment of a configuration with `store`, on any number of nodes");
  auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->config, "a configuration file with `store`")->required();
  command->add_option("--out", options->folder,
                      "the run's folder, which all workers see (runs/NAME)");
  command->add_option("--set", options->overrides, "a key of the configuration: a.b=value");
  command->add_option("--workers", options->workers, "trials at once; no result depends on it")
      ->check(CLI::PositiveNumber);
  command->add_flag("--quiet", options->quiet, "print nothing but errors");
  command->callback([options, &program] { work(*options, program); });
}

}  // namespace nas
