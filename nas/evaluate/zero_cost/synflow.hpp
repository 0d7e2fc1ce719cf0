#pragma once

#include "nas/evaluate/zero_cost/subject.hpp"

namespace nas {

/// Sum over convolutions and linear layers of |weight * dR/dweight|, where R is the sum of the
/// logits for one input of ones, with the magnitudes of all weights and without batch norm, in
/// double precision (Tanaka et al. 2020, section 5; Abdelfattah et al. 2021).
double synflow(const ProxySubject& subject);

}  // namespace nas
