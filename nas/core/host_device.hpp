#pragma once

/// \file
/// Functions marked so run on a GPU where nvcc compiles them, and on the CPU everywhere: a machine
/// without a GPU can check what a kernel computes.

#ifdef __CUDACC__
#define NAS_HOST_DEVICE __host__ __device__
#else
#define NAS_HOST_DEVICE
#endif
