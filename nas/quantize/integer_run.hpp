#pragma once

#include <vector>

#include "nas/export/integer_network.hpp"

namespace nas {

/// Outputs of a network in whole numbers for `inputs` [samples, C, H, W]: [samples, classes]. The
/// arithmetic is that of the C export, from the same sources; samples are spread over `threads`.
std::vector<float> integer_outputs(const IntegerNetwork& network, const std::vector<float>& inputs,
                                   int64_t threads = 1);

}  // namespace nas
