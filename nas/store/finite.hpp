#pragma once

#include "nas/search/trial.hpp"

namespace nas {

/// Throws RunError where a metric of the trial is not finite: no store takes it.
void refuse_non_finite(const Trial& trial);

}  // namespace nas
