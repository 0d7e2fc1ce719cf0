#include "tests/controllers/tensor_controllers.hpp"

namespace nas::testing {

TensorControllers tensor_controllers() { return {}; }

}  // namespace nas::testing
