#include "tools/run_options.hpp"

#include <CLI/CLI.hpp>
#include <functional>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "tools/number_checks.hpp"
#include "tools/run_experiment.hpp"
#include "tools/summary.hpp"
#include "tools/together.hpp"

namespace nas {
namespace {

constexpr int64_t kMostWorkers = 4096;  // as many as the key `workers` takes

}  // namespace

void add_run_options(CLI::App& command, RunOptions& options) {
  command.add_option("--workers", options.workers, "trials at once; no result depends on it")
      ->check(CLI::Range(int64_t{1}, kMostWorkers));
  command.add_option("--processes", options.processes, kProcessesHelp)->check(nonnegative_number());
  command.add_flag("--quiet", options.quiet, "print nothing but errors");
}

std::filesystem::path folder_or_usual(const std::string& folder, const Experiment& experiment) {
  return folder.empty() ? "runs/" + experiment.config.name : folder;
}

void prepare_run(Experiment& experiment, const RunOptions& options, const Program& program) {
  if (!experiment.controller.make) become_tensor_program(program);
  if (options.workers > 0) experiment.config.workers = options.workers;
  if (options.processes) train_with_processes(experiment, *options.processes);
}

namespace {

/// The first of several processes that were launched: the others are there for as long as it runs.
Json run_with_members(const ProcessRank& self, const Experiment& experiment, const Program& program,
                      const std::function<Json()>& run) {
  const auto place = program.parts.open_meeting_place(self, together_patience(experiment));
  try {
    Json best = run();
    place->close(ExitStatus::success);
    return best;
  } catch (const Interrupted&) {
    place->close(ExitStatus::interrupted);
    throw;
  }
}

}  // namespace

void run_and_summarize(const Experiment& experiment, const std::filesystem::path& folder,
                       const RunOptions& options, const Program& program) {
  const auto self = launched_together(experiment);
  if (self && !program.parts.present()) become_tensor_program(program);
  if (self && self->rank > 0) return program.parts.join_training(experiment, *self);
  const auto run = [&] {
    return run_experiment(experiment, folder, program,
                          options.quiet ? Output::quiet : Output::normal);
  };
  const Json best = self ? run_with_members(*self, experiment, program, run) : run();
  if (!options.quiet && !best.is_null()) print_summary(best, folder);
}

}  // namespace nas
