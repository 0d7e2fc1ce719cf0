#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "tools/completion.hpp"
#include "tools/program.hpp"

namespace nas {

void add_completion(CLI::App& app, const Program&, int&) {
  auto* command = app.add_subcommand(
      "completion", "Teach a shell to complete nas: source <(nas completion bash)");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>{"bash", "zsh", "fish"}));
  command->callback([shell, &app] {
    const auto commands = completed_commands(app);
    const auto write = *shell == "bash"  ? &bash_completion
                       : *shell == "zsh" ? &zsh_completion
                                         : &fish_completion;
    fmt::print("{}", write(commands));
  });
}

}  // namespace nas
