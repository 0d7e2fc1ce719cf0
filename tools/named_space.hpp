#pragma once

#include <memory>
#include <span>
#include <string>

#include "nas/search/space.hpp"

namespace nas {

/// A space by its name, with options given as `key=value` and defaults for the rest. Throws
/// UsageError naming the nearest known name.
std::unique_ptr<Space> make_named_space(const std::string& name,
                                        std::span<const std::string> options,
                                        const TaskShape& task);

}  // namespace nas
