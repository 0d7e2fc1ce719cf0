#include <CLI/CLI.hpp>

#include "tools/assemble.hpp"
#include "tools/light_worker.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

int serve(const RunFolder& folder, int64_t slot, const Program& program) {
  if (program.parts.present()) return program.parts.worker_command(folder.root());
  const Experiment experiment = read_experiment(folder.config(), {}, program.parts);
  if (!experiment.light_workers()) become_tensor_program(program);
  return run_light_worker(experiment, folder, slot);
}

}  // namespace

/// Not for people: what `nas run` starts as worker processes.
void add_serve_trials(CLI::App& app, const Program& program, int& status) {
  struct Options {
    std::string folder;
    int64_t slot = 0;
    std::string process;
  };
  auto* command = app.add_subcommand("serve-trials", "")->group("");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command->add_option("--slot", options->slot, "which of the run's workers this is");
  command->add_option("--process", options->process, "who started it, where several do");
  command->callback([options, &program, &status] {
    status = serve(RunFolder(options->folder, options->process), options->slot, program);
  });
}

}  // namespace nas
