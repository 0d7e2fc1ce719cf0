#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "tools/program.hpp"
#include "tools/run_options.hpp"
#include "tools/run_store.hpp"
#include "tools/set_option.hpp"

namespace nas {
namespace {

struct Options {
  std::string config;
  std::string folder;
  std::vector<std::string> overrides;
  RunOptions run;
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
  prepare_run(experiment, options.run, program);
  run_and_summarize(experiment, folder_or_usual(options.folder, experiment), options.run, program);
}

}  // namespace

void add_worker(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "worker", "Join the experiment of a configuration with `store`, on any number of nodes");
  auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->config, "a configuration file with `store`")->required();
  command->add_option("--out", options->folder,
                      "the run's folder, which all workers see (runs/NAME)");
  add_set_option(*command, options->overrides, "a key of the configuration: a.b=value");
  add_run_options(*command, options->run);
  command->callback([options, &program] { work(*options, program); });
}

}  // namespace nas
