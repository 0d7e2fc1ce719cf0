#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "tools/program.hpp"
#include "tools/run_experiment.hpp"
#include "tools/summary.hpp"

namespace nas {

void add_resume(CLI::App& app, const Program& program, int&) {
  struct Options {
    std::string folder;
    int64_t workers = 0;
    bool quiet = false;
  };
  auto* command = app.add_subcommand("resume", "Go on with a run, whatever stopped it");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command->add_option("--workers", options->workers, "trials at once; no result depends on it")
      ->check(CLI::PositiveNumber);
  command->add_flag("--quiet", options->quiet, "print nothing but errors");
  command->callback([options, &program] {
    const auto config = std::filesystem::path(options->folder) / "config.yaml";
    if (!std::filesystem::exists(config)) {
      throw UsageError(options->folder + ": no run here (config.yaml is missing)");
    }
    Experiment experiment = read_experiment(config, {}, program.parts);
    if (!experiment.controller.make) become_tensor_program(program);
    if (options->workers > 0) experiment.config.workers = options->workers;
    const Json best = run_experiment(experiment, options->folder, program,
                                     options->quiet ? Output::quiet : Output::normal);
    if (!options->quiet && !best.is_null()) print_summary(best, options->folder);
  });
}

}  // namespace nas
