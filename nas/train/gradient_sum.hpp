#pragma once

#include <torch/types.h>

#include <vector>

namespace nas {

class ProcessGroup;

/// Replaces each gradient by the sum of all processes', which hold the same parameters in the same
/// order; some megabytes of them travel at once.
void sum_gradients(const std::vector<torch::Tensor>& parameters, ProcessGroup& group);

/// The same of tensors of one type.
void sum_tensors(const std::vector<torch::Tensor>& tensors, ProcessGroup& group);

}  // namespace nas
