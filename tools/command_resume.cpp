#include <CLI/CLI.hpp>

#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/run_options.hpp"

namespace nas {

void add_resume(CLI::App& app, const Program& program, int&) {
  struct Options {
    std::string folder;
    RunOptions run;
  };
  auto* command = app.add_subcommand("resume", "Go on with a run, whatever stopped it");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  add_run_options(*command, options->run);
  command->callback([options, &program] {
    Experiment experiment = experiment_of_run(options->folder, {}, program.parts);
    prepare_run(experiment, options->run, program);
    run_and_summarize(experiment, options->folder, options->run, program);
  });
}

}  // namespace nas
