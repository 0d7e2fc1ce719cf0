#include <CLI/CLI.hpp>

#include "tools/assemble.hpp"
#include "tools/program.hpp"

namespace nas {

/// Not for people: what `nas run` starts as worker processes.
void add_serve(CLI::App& app, const Program& program, int& status) {
  auto* command = app.add_subcommand("serve-trials", "")->group("");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "a run's folder")->required();
  command->callback([folder, &program, &status] {
    if (!program.parts.present()) become_tensor_program(program);
    status = program.parts.worker_command(*folder);
  });
}

}  // namespace nas
