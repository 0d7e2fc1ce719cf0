#pragma once

#include <memory>
#include <span>
#include <string>

#include "nas/search/space.hpp"

namespace nas {

struct TensorParts;

/// A space by its name, with options given as `key=value` and defaults for the rest. Throws
/// UsageError naming the nearest known name.
std::unique_ptr<Space> make_named_space(const std::string& name,
                                        std::span<const std::string> options,
                                        const TaskShape& task);

/// The space of a configuration file or of a run's folder, with `overrides` of the configuration,
/// or one by its name with options.
std::unique_ptr<Space> find_space(const std::string& source, std::span<const std::string> overrides,
                                  const TensorParts& parts);

}  // namespace nas
