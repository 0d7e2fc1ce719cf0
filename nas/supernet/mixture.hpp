#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "controllers/darts.hpp"

namespace nas {

/// What one step's mixture is drawn by.
struct MixtureDraw {
  enum class For { architecture, weights };
  uint64_t seed = 0;
  double temperature = 1;
  /// Whose gradient the mixture is for.
  For purpose = For::architecture;
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
  /// Called after an optimizer has moved `alphas` by the gradient of sample(before, draw): the rule
  /// may move them on, in place.
  virtual void settle(torch::Tensor& alphas, const torch::Tensor& before,
                      const MixtureDraw& draw) const;
  /// Added to the loss of the architecture; absent where the method has none.
  virtual torch::Tensor penalty(const torch::Tensor& alphas) const;
};

/// Standard Gumbel noise of the shape, device and type of `like`; drawn on the CPU, so that every
/// device sees the same numbers.
torch::Tensor gumbel_noise(const torch::Tensor& like, uint64_t seed);

/// 1 at the largest of each row, 0 elsewhere; without a gradient.
torch::Tensor one_hot_rows(const torch::Tensor& rows);

/// Softmax of `values` [rows] among the rows of equal `targets` (int64 [rows], from 0).
torch::Tensor softmax_by_target(const torch::Tensor& values, const torch::Tensor& targets);

/// softmax: Liu et al. 2019, equation 2. gumbel_hard: one option a row, straight through the Gumbel
/// softmax (Dong & Yang 2019, equations 3 to 5). gumbel_soft: the concrete distribution (Xie et al.
/// 2019, equation 4). dirichlet: Dirichlet with concentration elu(alpha) + 1 (Chen et al. 2021),
/// its penalty `divergence` times the divergence from the uniform one. binary_paths: see
/// BinaryPaths.
std::shared_ptr<const MixtureRule> make_mixture_rule(MixtureKind kind, double divergence = 0);

}  // namespace nas
