#pragma once

#include <string>

#include "nas/config/node.hpp"

namespace nas {

/// The tree as YAML text; texts that YAML could read as something else are quoted.
std::string write_yaml(const ConfigNode& root);

}  // namespace nas
