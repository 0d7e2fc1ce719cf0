#pragma once

#include <string_view>

#include "nas/config/node.hpp"

namespace nas {

/// Puts `a.b=value` into the tree; missing mappings are made, list items are named by their index
/// (`objectives.0.goal=minimize`). The value is YAML: `[1, 2]`, `{a: 1}`. Throws ConfigError.
void apply_override(ConfigNode& root, std::string_view assignment);

}  // namespace nas
