#include "nas/kernels/cpu_kernels.hpp"

#include "nas/kernels/cpu_table.hpp"
#ifdef NAS_X86
#include "nas/kernels/cpu_kernels_isa.hpp"
#endif

namespace nas {

template <>
const CpuKernels<float>& cpu_kernels<float>(int64_t channels) {
#ifdef NAS_X86
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
    return avx512_kernels(channels < 12);
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return avx2_kernels(channels < 6);
  }
#endif
  static_cast<void>(channels);
  return NAS_ISA::kTable<float, 4>;
}

template <>
const CpuKernels<double>& cpu_kernels<double>(int64_t /*channels*/) {
  return NAS_ISA::kTable<double, 2>;
}

int64_t separable_scratch(const SeparableShape& shape, int64_t lanes) {
  // The gaps between planes are whole lines, most elements of float.
  if (shape.spread == Spread::tiles) return NAS_ISA::tile_scratch<float>(shape, lanes);
  const NAS_ISA::SeparableSizes sizes(shape, lanes);
  const int64_t rows = sizes.row * (2 * sizes.spread + sizes.out);
  return rows + sizes.out_framed + (shape.stride > 1 ? sizes.framed : 0);
}

}  // namespace nas
