#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "controllers/darts.hpp"

namespace nas {

/// What one step's mixture is drawn by.
struct MixtureDraw {
  uint64_t seed = 0;
  double temperature = 1;
};

/// By which weights the options of a group's rows are mixed, both [rows, options].
struct Mixture {
  torch::Tensor weights;  // differentiable by the alphas
  torch::Tensor active;  // bool on the CPU; options that are false are not computed. May be absent.
};

/// How a method turns architecture parameters ("alphas", [rows, options]) into mixtures. No space
/// and no supernet knows which one is in use.
class MixtureRule {
 public:
  virtual ~MixtureRule() = default;
  /// Of one training step; random rules draw from `draw` alone.
  virtual Mixture sample(const torch::Tensor& alphas, const MixtureDraw& draw) const = 0;
  /// How likely each option is: what an architecture is derived from.
  virtual torch::Tensor probabilities(const torch::Tensor& alphas) const = 0;
  /// Of a network that is scored: the probabilities, or one option a row where the method trains
  /// so.
  virtual Mixture evaluate(const torch::Tensor& alphas) const;
  /// Added to the loss of the architecture; absent where the method has none.
  virtual torch::Tensor penalty(const torch::Tensor& alphas) const;
};

/// softmax: Liu et al. 2019, equation 2. gumbel_hard: one option a row, straight through the Gumbel
/// softmax (Dong & Yang 2019, equations 3 to 5). gumbel_soft: the concrete distribution (Xie et al.
/// 2019, equation 4). dirichlet: Dirichlet with concentration elu(alpha) + 1 (Chen et al. 2021),
/// its penalty 1e-3 times the divergence from the uniform one.
std::shared_ptr<const MixtureRule> make_mixture_rule(MixtureKind kind);

}  // namespace nas
