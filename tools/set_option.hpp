#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace nas {

/// Adds `--set key=value`, given once for each value, so that what follows is an argument again.
void add_set_option(CLI::App& command, std::vector<std::string>& settings, const std::string& help);

}  // namespace nas
