#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nas {

/// The part of a shared tensor that a smaller network uses: the first entries of each dimension,
/// but of a kernel (the last two dimensions of four) those in the middle. Differentiable by
/// `whole`, and lies in memory as a convolution expects it; where a copy is not needed for that, it
/// shares storage. Throws InputError, with the tensor's name, where `shape` is larger than the
/// whole, or a kernel smaller by an odd number.
torch::Tensor weight_slice(const std::string& name, const torch::Tensor& whole,
                           const std::vector<int64_t>& shape);

}  // namespace nas
