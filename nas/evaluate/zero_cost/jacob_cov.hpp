#pragma once

#include "nas/evaluate/zero_cost/probe.hpp"

namespace nas {

/// How little the examples' Jacobians d(sum of logits)/d(image) correlate (Mellor et al. 2020, the
/// first version of "Neural architecture search without training"): minus the sum over eigenvalues
/// v of their correlation matrix of log(v + k) + 1 / (v + k), k = 1e-5. Not a number where an
/// example has no Jacobian, as in a network whose input does not reach its logits.
double jacob_cov(const Probe& probe);

}  // namespace nas
