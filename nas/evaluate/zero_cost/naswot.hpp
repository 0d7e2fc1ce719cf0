#pragma once

#include "nas/evaluate/zero_cost/probe.hpp"

namespace nas {

/// log |det K| of the kernel K with, for each two examples, the number of ReLUs that are on in both
/// or off in both (Mellor et al. 2021, "Neural architecture search without training", equation 1).
/// Minus infinity where two examples have the same code.
double naswot(const Probe& probe);

}  // namespace nas
