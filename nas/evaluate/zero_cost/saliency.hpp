#pragma once

#include "nas/evaluate/zero_cost/probe.hpp"

namespace nas {

/// Sums over all layers of a probe that was differentiated, as in the code of Abdelfattah et al.
/// 2021.

/// Euclidean norms of the weights' gradients, one a layer.
double grad_norm(const Probe& probe);

/// |weight * gradient|: how much the loss depends on each connection (Lee et al. 2019).
double snip(const Probe& probe);

/// -weight * (Hessian * gradient), of Wang et al. 2020; that paper keeps the weights with the
/// smallest of these, Abdelfattah et al. turn the sign so that larger scores go with higher
/// accuracy. Needs Differentiation::twice.
double grasp(const Probe& probe);

/// Half the mean square over examples of each channel's sum of output * gradient (Theis et al.
/// 2018; Turner et al. 2020), counted once for each weight of the channel.
double fisher(const Probe& probe);

}  // namespace nas
