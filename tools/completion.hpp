#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace nas {

/// What completes one word of a command line.
struct CompletedOption {
  std::vector<std::string> names;  // "--out", "-o"; none for what stands without a name
  std::string meaning;
  bool takes_value = false;
  std::vector<std::string> values;  // what the value may be; none: anything, so files are offered
};

struct CompletedCommand {
  std::string name;
  std::string meaning;
  std::vector<CompletedOption> options;
};

/// The subcommands that people see, with their options, out of the command line's own description.
std::vector<CompletedCommand> completed_commands(const CLI::App& app);

/// A script that teaches the shell to complete `nas`.
std::string bash_completion(const std::vector<CompletedCommand>& commands);
std::string zsh_completion(const std::vector<CompletedCommand>& commands);
std::string fish_completion(const std::vector<CompletedCommand>& commands);

}  // namespace nas
