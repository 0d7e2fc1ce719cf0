#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/json.hpp"
#include "tools/number_checks.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/run_options.hpp"
#include "tools/set_option.hpp"
#include "tools/tensor_commands.hpp"

namespace nas {

void add_train(CLI::App& app, const Program& program, int&) {
  struct Options {
    TrainRequest request;
    std::string config;
    std::string folder = "runs/train";
    std::string device;
    bool json = false;
  };
  auto* command = app.add_subcommand("train", "Train one architecture from scratch, then test it");
  auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->config, "a configuration file")->required();
  command->add_option("--arch", options->request.architecture, "an architecture's text")
      ->required();
  command->add_option("--out", options->folder, "folder for weights and checkpoints")
      ->capture_default_str();
  add_set_option(*command, options->request.overrides, "a key of the configuration: a.b=value");
  command->add_option("--device", options->device, "cpu, cuda, cuda:N or auto");
  command->add_option("--processes", options->request.processes, kProcessesHelp)
      ->check(nonnegative_number());
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    if (!program.parts.present()) become_tensor_program(program);
    TrainRequest request = options->request;
    request.config = options->config;
    request.folder = options->folder;
    request.arguments = program.arguments;
    if (!options->device.empty()) request.overrides.push_back("device=" + options->device);
    const Json metrics = Json::parse(program.parts.train_command(request));
    if (metrics.is_null()) return;
    if (options->json) return print_json(metrics);
    for (const auto& [name, value] : metrics.items()) {
      if (value.is_number()) fmt::print("{:<22} {}\n", name, format_figure(value.get<double>()));
    }
  });
}

}  // namespace nas
