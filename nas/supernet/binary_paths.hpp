#pragma once

#include "nas/supernet/mixture.hpp"

namespace nas {

/// Binary gates of paths (Cai et al. 2019, section 3.2). For the weights one option a row is drawn
/// by its probability and computed alone. For the architecture two are drawn and computed; one of
/// them, by their share among the two, is what goes on, with the gradient of that share (equation
/// 4). After the step both are shifted alike, so that the probabilities of all others stay.
class BinaryPaths final : public MixtureRule {
 public:
  Mixture sample(const torch::Tensor& alphas, const MixtureDraw& draw) const override;
  torch::Tensor probabilities(const torch::Tensor& alphas) const override;
  /// The most likely option of each row.
  Mixture evaluate(const torch::Tensor& alphas) const override;
  void settle(torch::Tensor& alphas, const torch::Tensor& before,
              const MixtureDraw& draw) const override;
};

}  // namespace nas
