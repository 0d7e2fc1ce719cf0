#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "nas/torch/module_builder.hpp"

namespace nas {

/// A network in inference mode with random weights, and one batch of ones for it: what a pass takes
/// depends on neither.
class ForwardPass {
 public:
  /// `input` is the shape of one sample.
  ForwardPass(const NetworkPlan& plan, const Shape& input, int64_t batch_size,
              torch::Device device);

  void operator()() const;
  int64_t input_bytes() const { return static_cast<int64_t>(x_.nbytes()); }

 private:
  std::shared_ptr<Network> network_;
  torch::Tensor x_;  // [batch_size, C, H, W]
};

}  // namespace nas
