#pragma once

#include <string_view>

#include "nas/config/node.hpp"

namespace nas {

/// Parses one YAML document. Anchors, aliases, tags, duplicate keys, keys that are no scalars,
/// nesting beyond 50, several documents and texts over 1 MiB are refused: configurations come from
/// outside, and yaml-cpp itself lets alias bombs and cycles through. Throws ConfigError with
/// `name:line:column`.
ConfigNode parse_yaml(std::string_view text, std::string_view name);

}  // namespace nas
