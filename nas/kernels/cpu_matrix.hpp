#pragma once

#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// Rows of a register tile: as many as the instruction set has registers for, at two vectors a row.
#ifdef __AVX512F__
constexpr int kTileRows = 8;
#else
constexpr int kTileRows = 4;
#endif

/// R rows and B vectors of out[row][n] (+)= sum_k a(row, k) * b[k][n], kept in registers. The
/// element a(row, k) lies at a[row * row_step + k * k_step].
template <int L, int R, int B, class T>
inline __attribute__((always_inline)) void matrix_tile(const T* a, int64_t row_step, int64_t k_step,
                                                       const T* b, int64_t b_step, int64_t depth,
                                                       T* out, int64_t out_step, bool add) {
  using V = Vector<T, L>;
  V sums[R][B] = {};
  for (int64_t k = 0; k < depth; ++k) {
    V row[B];
    for (int j = 0; j < B; ++j) row[j] = load<L>(b + k * b_step + j * L);
    for (int i = 0; i < R; ++i) {
      const T factor = a[i * row_step + k * k_step];
      for (int j = 0; j < B; ++j) sums[i][j] += factor * row[j];
    }
  }
  for (int i = 0; i < R; ++i) {
    for (int j = 0; j < B; ++j) {
      T* at = out + i * out_step + j * L;
      store<L>(at, add ? load<L>(at) + sums[i][j] : sums[i][j]);
    }
  }
}

template <int L, int B, class T>
inline __attribute__((always_inline)) void matrix_rows(const T* a, int64_t row_step, int64_t k_step,
                                                       const T* b, int64_t b_step, int64_t depth,
                                                       T* out, int64_t out_step, int64_t rows,
                                                       bool add) {
  int64_t i = 0;
  for (; i + kTileRows <= rows; i += kTileRows) {
    matrix_tile<L, kTileRows, B>(a + i * row_step, row_step, k_step, b, b_step, depth,
                                 out + i * out_step, out_step, add);
  }
  for (; i + 4 <= rows; i += 4) {
    matrix_tile<L, 4, B>(a + i * row_step, row_step, k_step, b, b_step, depth, out + i * out_step,
                         out_step, add);
  }
  for (; i < rows; ++i) {
    matrix_tile<L, 1, B>(a + i * row_step, row_step, k_step, b, b_step, depth, out + i * out_step,
                         out_step, add);
  }
}

/// out[rows][columns] = (or +=) a . b for `columns` a multiple of L; see matrix_tile.
template <int L, class T>
void matrix_product(const T* a, int64_t row_step, int64_t k_step, const T* b, int64_t b_step,
                    int64_t depth, T* out, int64_t out_step, int64_t rows, int64_t columns,
                    bool add) {
  constexpr int64_t kPair = int64_t{2} * L;
  int64_t n = 0;
  for (; n + kPair <= columns; n += kPair) {
    matrix_rows<L, 2>(a, row_step, k_step, b + n, b_step, depth, out + n, out_step, rows, add);
  }
  if (n < columns) {
    matrix_rows<L, 1>(a, row_step, k_step, b + n, b_step, depth, out + n, out_step, rows, add);
  }
}

}  // namespace nas::NAS_ISA
