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

/// [O, I, H, W] in memory as a new network has it, which convolutions of equal weights need to give
/// equal bits. Differentiable; a copy only where it has to be.
torch::Tensor laid_out(const torch::Tensor& kernels);

}  // namespace nas
