#pragma once

#include <cstdint>

#include "nas/run/run_folder.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Serves assignments of a run whose evaluator needs no LibTorch over standard input and output, as
/// its worker `slot`; an exit status.
int run_light_worker(const Experiment& experiment, const RunFolder& folder, int64_t slot);

}  // namespace nas
