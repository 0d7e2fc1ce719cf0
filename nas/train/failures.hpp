#pragma once

#include <functional>

#include "nas/search/trial.hpp"

namespace nas {

/// What `evaluate` returns; lack of memory, of host or device, is Failure "oom", other errors of
/// LibTorch are Failure "error". Throws RunError where the device is lost: nothing that follows on
/// it in this process would work.
Outcome with_failures(const std::function<Outcome()>& evaluate);

}  // namespace nas
