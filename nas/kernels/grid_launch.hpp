#pragma once

namespace nas {

/// Runs all indices of a grid's kernel on `stream` (a cudaStream_t). Returns a cudaError_t. Only in
/// programs compiled with CUDA, and for the kernels that grid_kernels.cu names.
template <class Kernel>
int launch_grid(const Kernel& kernel, void* stream);

}  // namespace nas
