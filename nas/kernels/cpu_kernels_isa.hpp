#pragma once

#include "nas/kernels/cpu_kernels.hpp"

namespace nas {

/// Compiled for x86 with AVX-512 (F, DQ, VL, BW) and with AVX2 and FMA; only for a processor that
/// has these. `few_channels`: for less than half a vector of them.
const CpuKernels<float>& avx512_kernels(bool few_channels);
const CpuKernels<float>& avx2_kernels(bool few_channels);

}  // namespace nas
