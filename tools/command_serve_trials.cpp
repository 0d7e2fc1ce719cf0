#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "tools/assemble.hpp"
#include "tools/light_worker.hpp"
#include "tools/program.hpp"
#include "tools/tensor_commands.hpp"
#include "tools/together.hpp"

namespace nas {
namespace {

int serve(const RunFolder& folder, int64_t slot, const ServeRequest& request,
          const Program& program) {
  if (program.parts.present()) return program.parts.worker_command(request);
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
    ServeRequest request;
  };
  auto* command = app.add_subcommand("serve-trials", "")->group("");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command->add_option("--slot", options->slot, "which of the run's workers this is");
  command->add_option("--process", options->process, "who started it, where several do");
  command->add_option("--processes", options->request.processes, "that train together");
  command->add_flag("--launched", options->request.launched, "torchrun or srun started them");
  command->callback([options, &program, &status] {
    options->request.folder = options->folder;
    status = serve(RunFolder(options->folder, options->process), options->slot, options->request,
                   program);
  });
}

/// Not for people: what a worker starts to train together with it.
void add_join(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("join-training", "")->group("");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "a run's folder")->required();
  command->callback([folder, &program] {
    if (!program.parts.present()) become_tensor_program(program);
    const Experiment experiment = read_experiment(RunFolder(*folder).config(), {}, program.parts);
    const auto self = launched_together(0);
    if (!self) throw UsageError("join-training: found no RANK and WORLD_SIZE in the environment");
    program.parts.join_training(experiment, *self);
  });
}

}  // namespace nas
