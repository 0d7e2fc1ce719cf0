#pragma once

#include <memory>

#include "nas/torch/torch.hpp"
#include "search_spaces/mobilenet.hpp"
#include "tests/supernet/supernets.hpp"

namespace nas::test {

/// Two stages of one or two blocks, kernels of 3, 5 and 7, for digits.
inline std::unique_ptr<Space> elastic_space() {
  MobilenetOptions options;
  options.stem = 8;
  options.first = 0;
  options.head = 16;
  options.features = 0;
  options.expansions = {1.5, 3};
  options.stages = {{8, 1, 2, 1, true, MobilenetActivation::hard_swish},
                    {16, 2, 2, 1, false, MobilenetActivation::relu}};
  return make_mobilenet(options, {{1, 8, 8}, 10});
}

/// Running statistics and weights that differ from layer to layer.
inline void stir(const NamedTensors& state) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(8);
  for (const auto& [name, tensor] : state) {
    torch::Tensor values(tensor);
    if (name.ends_with("running_var")) {
      values.uniform_(0.5, 2);
    } else {
      values.add_(torch::randn_like(values) * 0.1);
    }
  }
}

}  // namespace nas::test
