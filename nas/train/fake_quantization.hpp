#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nas/torch/module_builder.hpp"

namespace nas {

/// x on the grid scale * (q - zero), q = low .. high: clamped, rounded half to even. Gradients as
/// if rounding were the identity (Bengio et al. 2013), and of `scale` [1] as in LSQ (Esser et al.
/// 2020, equation 3), times 1 / sqrt(numbers * high) (section 2.2).
torch::Tensor on_grid(const torch::Tensor& x, const torch::Tensor& scale, int64_t zero, int64_t low,
                      int64_t high);

/// Weights [channels, ...] on symmetric grids of 2 largest + 1 steps, one a channel, as far as its
/// largest weight. No gradients.
torch::Tensor on_channel_grids(const torch::Tensor& weights, int64_t largest);

/// A parameter and the largest whole number of its grids: 127 of 8 bits, 7 of 4; 0: it is not
/// rounded.
struct RoundedParameter {
  std::string name;
  int64_t largest = 127;
  /// Of its shape, 0 where a number counts as zero whatever it has learnt; undefined: nowhere.
  torch::Tensor mask = {};
};

/// Which numbers of a network are put on grids while it trains.
struct FakeQuantizationSetting {
  /// Scale and zero of int8 grids, -128 to 127.
  std::vector<std::pair<double, int64_t>> grids;
  /// Index of the grid of each node's output; -1: it is not rounded.
  std::vector<int64_t> grid_of_node;
  /// Parameters that are rounded, with a scale for each output channel.
  std::vector<RoundedParameter> weights;
};

/// Makes a network compute with values and weights as they will be in int8 (Jacob et al. 2018,
/// section 3). The scales of values are learnt, as factors of those given: the network gets a
/// parameter "quantization_log_factors" [grids], which weight decay draws to 0; none where there
/// are no grids.
class FakeQuantization {
 public:
  /// Both outlive their use: `network` is told how to rewrite its values.
  FakeQuantization(Network& network, FakeQuantizationSetting setting);

  struct Weight {
    torch::Tensor values;
    int64_t largest = 127;
    torch::Tensor mask = {};
  };

  /// While it lives, the network's weights are on their grids; then they are what they were.
  class RoundedWeights {
   public:
    /// `weights`: those of weights().
    explicit RoundedWeights(const std::vector<Weight>& weights);
    ~RoundedWeights();
    RoundedWeights(const RoundedWeights&) = delete;
    RoundedWeights& operator=(const RoundedWeights&) = delete;

   private:
    std::vector<Weight> weights_;
    std::vector<torch::Tensor> kept_;
  };
  const std::vector<Weight>& weights() const { return weights_; }

 private:
  std::vector<Weight> weights_;
};

/// The parameter that a FakeQuantization gives its network, as it is before training.
std::pair<std::string, torch::Tensor> unlearnt_scales(const FakeQuantizationSetting& setting);

/// Scales of the grids as they were learnt: setting.grids' times the factors in a network's state,
/// which are taken out of it. Throws InputError where there are none.
std::vector<double> take_learnt_scales(const FakeQuantizationSetting& setting, NamedTensors& state);

}  // namespace nas
