#pragma once

#include "tools/assemble.hpp"

namespace nas {

/// Every part that needs LibTorch, filled in.
TensorParts tensor_parts();

}  // namespace nas
