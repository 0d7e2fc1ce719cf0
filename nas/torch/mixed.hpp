#pragma once

#include <memory>
#include <string>

#include "nas/torch/layers.hpp"

namespace nas {

/// sum_k w[row, k] * option_k(x) (Liu et al. 2019, equation 2), on a part of the channels where the
/// layer says so. Zero options and inactive ones cost nothing. Weights of option k are registered
/// below "<owner>.<k>".
std::unique_ptr<LayerFunction> make_mixed(const Mixed& layer, const std::string& owner,
                                          WeightTable& weights);

}  // namespace nas
