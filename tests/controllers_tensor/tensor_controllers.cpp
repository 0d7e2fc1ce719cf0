#include "tests/controllers/tensor_controllers.hpp"

namespace nas::testing {

TensorControllers tensor_controllers() { return {&make_reinforce, &make_ppo}; }

}  // namespace nas::testing
