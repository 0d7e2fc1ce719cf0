#pragma once

#include <cstdint>

// The kernels of the C export, compiled here: what is simulated is what is exported.

// NOLINTBEGIN: C, in C++
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wunused-function"
namespace nas::c {
#include "nas/export/c_kernels/q_nibble.c"
#include "nas/export/c_kernels/q_saturated.c"
#include "nas/export/c_kernels/q_scaled.c"
#include "nas/export/c_kernels/types.c"

#include "nas/export/c_kernels/q_add.c"
#include "nas/export/c_kernels/q_average_pool.c"
#include "nas/export/c_kernels/q_convolution.c"
#include "nas/export/c_kernels/q_convolution_4.c"
#include "nas/export/c_kernels/q_depthwise_convolution.c"
#include "nas/export/c_kernels/q_depthwise_convolution_4.c"
#include "nas/export/c_kernels/q_dequantize.c"
#include "nas/export/c_kernels/q_drop_first.c"
#include "nas/export/c_kernels/q_fill.c"
#include "nas/export/c_kernels/q_global_average_pool.c"
#include "nas/export/c_kernels/q_linear.c"
#include "nas/export/c_kernels/q_linear_4.c"
#include "nas/export/c_kernels/q_max_pool.c"
#include "nas/export/c_kernels/q_multiply.c"
#include "nas/export/c_kernels/q_place_channels.c"
#include "nas/export/c_kernels/q_quantize.c"
#include "nas/export/c_kernels/q_scores.c"
#include "nas/export/c_kernels/q_scores_4.c"
#include "nas/export/c_kernels/q_table.c"
}  // namespace nas::c
#pragma GCC diagnostic pop
// NOLINTEND
