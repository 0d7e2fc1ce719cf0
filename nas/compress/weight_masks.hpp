#pragma once

#include <string>
#include <vector>

#include "nas/compress/prune_config.hpp"
#include "nas/plan/network.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/train/fake_quantization.hpp"

namespace nas {

/// Masks of the weights of convolutions and linear layers, 0 where the smallest by magnitude are:
/// of `unstructured` the share `sparsity` of all weights together (Han et al. 2015); of
/// `two_of_four` two of each four that follow each other along the inputs of an output, which is
/// what sparse matrix units of processors take (Mishra et al. 2021); inputs beyond a multiple of
/// four stay.
std::vector<RoundedParameter> weight_masks(const NetworkPlan& plan, const NamedTensors& weights,
                                           MaskPattern pattern, double sparsity);

/// Makes numbers zero where the masks are.
void apply_masks(const std::vector<RoundedParameter>& masks, NamedTensors& weights);

}  // namespace nas
