#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "nas/config/section.hpp"

namespace nas {

/// Reads a configuration file: `describe` fills config structs by describing them to the Section it
/// is given. `overrides` are texts `a.b=value`. Throws ConfigError with every mistake of the file,
/// a line each, in the order of the lines: `FILE:LINE:COLUMN: key: found ..., expected ...`.
/// Returns the resolved configuration as YAML: every default filled in, paths absolute; reading it
/// again gives the same.
std::string read_config(const std::filesystem::path& file, std::span<const std::string> overrides,
                        const std::function<void(Section&)>& describe);

/// The same from a text; `name` stands for the file in messages.
std::string read_config_text(std::string_view text, std::string_view name,
                             std::span<const std::string> overrides,
                             const std::function<void(Section&)>& describe);

}  // namespace nas
