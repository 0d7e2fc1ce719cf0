#include "tools/run_options.hpp"

#include <CLI/CLI.hpp>

#include "nas/core/json.hpp"
#include "tools/run_experiment.hpp"
#include "tools/summary.hpp"

namespace nas {

void add_run_options(CLI::App& command, RunOptions& options) {
  command.add_option("--workers", options.workers, "trials at once; no result depends on it")
      ->check(CLI::PositiveNumber);
  command.add_flag("--quiet", options.quiet, "print nothing but errors");
}

std::filesystem::path folder_or_usual(const std::string& folder, const Experiment& experiment) {
  return folder.empty() ? "runs/" + experiment.config.name : folder;
}

void prepare_run(Experiment& experiment, const RunOptions& options, const Program& program) {
  if (!experiment.controller.make) become_tensor_program(program);
  if (options.workers > 0) experiment.config.workers = options.workers;
}

void run_and_summarize(const Experiment& experiment, const std::filesystem::path& folder,
                       const RunOptions& options, const Program& program) {
  const Json best =
      run_experiment(experiment, folder, program, options.quiet ? Output::quiet : Output::normal);
  if (!options.quiet && !best.is_null()) print_summary(best, folder);
}

}  // namespace nas
