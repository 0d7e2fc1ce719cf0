#pragma once

#include "nas/core/json_fwd.hpp"

namespace nas {

/// One result, or several, in a few lines.
void print_benchmark(const Json& results);

}  // namespace nas
