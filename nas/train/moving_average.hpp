#pragma once

#include <torch/types.h>

#include "nas/torch/module_builder.hpp"

namespace nas {

/// Exponential moving average of a module's parameters; buffers (batch-norm statistics, themselves
/// averages) are copied.
class MovingAverage {
 public:
  /// Starts at the module's values.
  MovingAverage(const torch::nn::Module& module, double decay);

  /// average = decay * average + (1 - decay) * value, after each step.
  void update();
  /// Exchanges the module's values and the averages; twice is nothing.
  void swap();
  /// Named as in state_of(module), sharing storage.
  const NamedTensors& state() const { return average_; }
  void load(const NamedTensors& state);

 private:
  double decay_;
  NamedTensors live_;
  NamedTensors average_;
};

}  // namespace nas
