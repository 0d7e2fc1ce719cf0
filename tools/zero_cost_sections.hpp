#pragma once

#include <optional>

#include "nas/config/section.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// `screen:` of an evaluator that trains; nothing where it is not given.
std::optional<ScreenOptions> read_screen(Section& evaluator);

/// `controller.warm_start:`, for the controllers that can use it: puts a screening before the
/// experiment's controller, whose section was read before.
void describe_warm_start(Section& section, Experiment& experiment, const TensorParts& parts);

}  // namespace nas
