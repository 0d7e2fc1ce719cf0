#pragma once

#include "controllers/registry.hpp"

namespace nas::testing {

/// Those of the test program that this is linked into: none in the one without LibTorch.
TensorControllers tensor_controllers();

}  // namespace nas::testing
