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
/// step. The learning rate is set before each step, not state; on a device it lies there as
/// float32, so that a recorded step reads what it is when it is replayed.
class Optimizer {
 public:
  Optimizer(std::vector<torch::Tensor> parameters, const OptimizerConfig& config);

  void set_learning_rate(double learning_rate);
  /// Updates every parameter that has a gradient. Weight decay is added to the gradient, but by
  /// AdamW taken off the weights themselves (Loshchilov & Hutter 2019).
  void step();
  void step(double learning_rate);
  void zero_grad();

  /// Momentum buffers or mean gradients ("momentum.0", by the parameter's position), mean squares
  /// ("square.0") and step counts ("steps.0"), sharing storage.
  NamedTensors state() const;
  /// Copies values in place; throws InputError naming what is missing or does not fit.
  void load(const NamedTensors& state);

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }

 private:
  std::vector<torch::Tensor> parameters_;
  OptimizerConfig config_;
  torch::Tensor learning_rate_;        // a scalar
  std::vector<torch::Tensor> first_;   // momentum buffer, or mean of gradients
  std::vector<torch::Tensor> second_;  // mean of squared gradients
  std::vector<torch::Tensor> steps_;   // float32 scalars, on the device
};

}  // namespace nas
