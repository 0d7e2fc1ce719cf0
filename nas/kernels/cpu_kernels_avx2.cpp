#include "nas/kernels/cpu_kernels_isa.hpp"
#include "nas/kernels/cpu_table.hpp"

namespace nas {

const CpuKernels<float>& avx2_kernels(bool few_channels) {
  return few_channels ? avx2::kTable<float, 4> : avx2::kTable<float, 8>;
}

}  // namespace nas
