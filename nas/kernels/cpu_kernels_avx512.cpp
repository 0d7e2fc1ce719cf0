#include "nas/kernels/cpu_kernels_isa.hpp"
#include "nas/kernels/cpu_table.hpp"

namespace nas {

const CpuKernels<float>& avx512_kernels(bool few_channels) {
  return few_channels ? avx512::kTable<float, 4> : avx512::kTable<float, 16>;
}

}  // namespace nas
