#pragma once

#include <vector>

#include "nas/supernet/architecture_step.hpp"

namespace nas {

/// The dominant eigenvector of a loss's Hessian by the alphas, as far as it is known.
struct Curvature {
  double eigenvalue = 0;
  std::vector<torch::Tensor> direction;  // one a group, of norm 1 together
};

/// Power iteration on the Hessian of the validation loss by the alphas, one batch, in evaluation of
/// the mixture by its probabilities (Zela et al. 2020, section 4: it grows where a search is about
/// to overfit its architecture). Hessian-vector products are central differences of gradients: two
/// passes an iteration. `direction` starts it, an earlier epoch's converges in a few iterations;
/// leaves the supernet bit for bit as it was.
Curvature dominant_curvature(Supernet& supernet, const Batch& validation,
                             std::vector<torch::Tensor> direction, int64_t iterations);

}  // namespace nas
