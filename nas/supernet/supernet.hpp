#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nas/plan/supernet_plan.hpp"
#include "nas/supernet/mixture.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

struct SupernetSetting {
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  torch::Dtype dtype = torch::kFloat32;
  std::shared_ptr<const MixtureRule> mixture = make_mixture_rule(MixtureKind::softmax);
  /// Rows that are added up in one node share one softmax of weights of their own, by which their
  /// mixtures are scaled (Xu et al. 2020, section 3.3).
  bool edge_normalization = false;
  /// Added to the penalty: this times the mean cost of the options by their probabilities. Empty:
  /// nothing.
  ArchitectureWeights option_prices;
};

/// The network of a SupernetPlan with its architecture parameters ("alphas"): one tensor
/// [rows, options] a group and then, with edge normalization, one tensor [rows] a group; 1e-3 times
/// standard normal at the start (as published with DARTS).
class Supernet {
 public:
  Supernet(const SupernetPlan& plan, const SupernetSetting& setting);

  /// x [N, C, H, W] -> logits [N, classes], differentiable by weights and alphas. Mixed in training
  /// mode as drawn by set_draw, in evaluation mode as the rule evaluates.
  torch::Tensor forward(const torch::Tensor& x);

  /// For the forward passes that follow in training mode; nothing: mixed by the probabilities.
  void set_draw(const std::optional<MixtureDraw>& draw) { draw_ = draw; }

  /// Training or evaluation mode is the network's.
  Network& network() { return *network_; }
  const Network& network() const { return *network_; }
  const std::vector<torch::Tensor>& weights() const { return weights_; }
  /// Running statistics of the batch norms.
  const std::vector<torch::Tensor>& buffers() const { return buffers_; }
  const std::vector<torch::Tensor>& alphas() const { return alphas_; }
  /// Added to the loss of the architecture: the rule's penalty and the expected price of the
  /// options, over all groups; absent where there is neither.
  torch::Tensor penalty() const;

  /// After an optimizer has moved the alphas from `before` by the gradient of the drawn mixture.
  void settle(const std::vector<torch::Tensor>& before);

  /// Probabilities of every group's options by the rule in use; with edge normalization times the
  /// share of their row.
  ArchitectureWeights probabilities() const;

  /// "network.<weight or buffer>", "alphas.<group>" and "alphas.<group>.edges", sharing storage.
  NamedTensors state() const;
  /// Copies values in place; throws InputError naming what does not fit.
  void load(const NamedTensors& state);

 private:
  MixtureDraw draw_of(size_t group) const;
  Mixture drawn_mixture(size_t group) const;
  Mixture mixture_of(size_t group) const;
  /// [rows, 1]
  torch::Tensor shares_of(size_t group) const;
  std::vector<std::string> alpha_names() const;

  std::vector<ArchitectureGroup> groups_;
  std::shared_ptr<const MixtureRule> rule_;
  std::optional<MixtureDraw> draw_;
  std::shared_ptr<Network> network_;
  std::vector<torch::Tensor> weights_;
  std::vector<torch::Tensor> buffers_;
  std::vector<torch::Tensor> alphas_;
  std::vector<torch::Tensor> prices_;   // [rows, options] a group; may be none
  std::vector<torch::Tensor> targets_;  // int64 [rows] a group; none without edge normalization
};

}  // namespace nas
