#include "tools/set_option.hpp"

#include <CLI/CLI.hpp>

namespace nas {

void add_set_option(CLI::App& command, std::vector<std::string>& settings,
                    const std::string& help) {
  command.add_option("--set", settings, help)->allow_extra_args(false);
}

}  // namespace nas
