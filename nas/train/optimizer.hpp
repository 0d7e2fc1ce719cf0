#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nas/torch/module_builder.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

/// SGD with (Nesterov) momentum, Adam and AdamW over a fixed list of parameters, one fused kernel a
/// step. The learning rate is an argument, not state.
class Optimizer {
 public:
  Optimizer(std::vector<torch::Tensor> parameters, const OptimizerConfig& config);

  /// Updates every parameter that has a gradient.
  void step(double learning_rate);
  void zero_grad();

  /// Momentum buffers and step counts, named by the parameter's position ("momentum.0"), sharing
  /// storage.
  NamedTensors state() const;
  void load(const NamedTensors& state);

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }

 private:
  std::vector<torch::Tensor> parameters_;
  OptimizerConfig config_;
  std::vector<torch::Tensor> first_;   // momentum buffer, or mean of gradients
  std::vector<torch::Tensor> second_;  // mean of squared gradients
  std::vector<torch::Tensor> steps_;   // float32 scalars, on the device
};

}  // namespace nas
