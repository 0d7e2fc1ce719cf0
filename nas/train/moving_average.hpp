#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nas/torch/module_builder.hpp"

namespace nas {

/// Exponential moving average of a module's parameters; buffers (batch-norm statistics, themselves
/// averages) are copied.
class MovingAverage {
 public:
  /// Starts at the module's values.
  MovingAverage(const torch::nn::Module& module, double decay);

  /// average = d * average + (1 - d) * value, after step `step` = 0, 1, ...; d is the decay but at
  /// most (1 + step) / (10 + step), so that a short training forgets its random start.
  void update(int64_t step);
  /// Exchanges the module's values and the averages; twice is nothing.
  void swap();
  /// Named as in state_of(module), sharing storage.
  const NamedTensors& state() const { return average_; }
  /// Copies values in place; throws InputError naming what is missing or does not fit.
  void load(const NamedTensors& state);

 private:
  double decay_;
  NamedTensors live_;
  NamedTensors average_;
  // Handles to what is averaged, in the same order.
  std::vector<torch::Tensor> values_;
  std::vector<torch::Tensor> averages_;
  // The same of what is copied: running statistics.
  std::vector<torch::Tensor> followed_;
  std::vector<torch::Tensor> followers_;
};

}  // namespace nas
