#pragma once

#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"

namespace nas {

/// Whether there is a CUDA device; says that the test is not run where there is none.
inline bool cuda_is_there() {
  if (torch::cuda::is_available()) return true;
  WARN("not run: no CUDA device");
  return false;
}

}  // namespace nas
