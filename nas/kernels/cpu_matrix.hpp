#pragma once

#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// Rows of a register tile of two vectors a row, as many as the instruction set has registers for;
/// twice as many of one vector.
#ifdef __AVX512F__
constexpr int kTileRows = 8;
#else
constexpr int kTileRows = 4;
#endif

/// A product's sizes: out[rows][columns] = a . b[depth][columns], `columns` a multiple of L.
struct MatrixSize {
  int64_t rows = 0;
  int64_t depth = 0;
  int64_t columns = 0;
};

/// Where the element (row, k) of a lies: at[row * row_step + k * k_step].
template <class T>
struct MatrixRows {
  const T* at = nullptr;
  int64_t row_step = 0;
  int64_t k_step = 0;
};

/// R rows and B vectors of the product, kept in registers; b and out from their first column on.
template <int L, int R, int B, class T>
inline __attribute__((always_inline)) void matrix_tile(const MatrixRows<T>& a, const T* b, T* out,
                                                       const MatrixSize& size, bool add) {
  using V = Vector<T, L>;
  V sums[R][B] = {};
  for (int64_t k = 0; k < size.depth; ++k) {
    V row[B];
    for (int j = 0; j < B; ++j) row[j] = load<L>(b + k * size.columns + j * L);
    for (int i = 0; i < R; ++i) {
      const T factor = a.at[i * a.row_step + k * a.k_step];
      for (int j = 0; j < B; ++j) sums[i][j] += factor * row[j];
    }
  }
  for (int i = 0; i < R; ++i) {
    for (int j = 0; j < B; ++j) {
      T* at = out + i * size.columns + j * L;
      store<L>(at, add ? load<L>(at) + sums[i][j] : sums[i][j]);
    }
  }
}

/// B vectors of all rows.
template <int L, int B, class T>
inline __attribute__((always_inline)) void matrix_rows(const MatrixRows<T>& a, const T* b, T* out,
                                                       const MatrixSize& size, bool add) {
  constexpr int kRows = kTileRows * 2 / B;
  int64_t i = 0;
  const auto tile = [&]<int R>() __attribute__((always_inline)) {
    matrix_tile<L, R, B>({a.at + i * a.row_step, a.row_step, a.k_step}, b, out + i * size.columns,
                         size, add);
    i += R;
  };
  while (i + kRows <= size.rows) tile.template operator()<kRows>();
  while (i + 4 <= size.rows) tile.template operator()<4>();
  while (i < size.rows) tile.template operator()<1>();
}

template <int L, class T>
inline __attribute__((always_inline)) void matrix_columns(const MatrixRows<T>& a, const T* b,
                                                          T* out, const MatrixSize& size,
                                                          bool add) {
  constexpr int64_t kPair = int64_t{2} * L;
  int64_t n = 0;
  for (; n + kPair <= size.columns; n += kPair) matrix_rows<L, 2>(a, b + n, out + n, size, add);
  if (n < size.columns) matrix_rows<L, 1>(a, b + n, out + n, size, add);
}

/// out = (or +=) a . b for a [rows][depth].
template <int L, class T>
void matrix_product(const T* a, const T* b, T* out, const MatrixSize& size, bool add) {
  // A depth that is known spares the registers that hold the rows' addresses.
  const auto multiply = [&](int64_t depth) __attribute__((always_inline)) {
    matrix_columns<L>({a, depth, 1}, b, out, {size.rows, depth, size.columns}, add);
  };
  constexpr int64_t kLanes = L;
  switch (size.depth) {
    case kLanes:
      return multiply(kLanes);
    case 2 * kLanes:
      return multiply(2 * kLanes);
    case 4 * kLanes:
      return multiply(4 * kLanes);
    default:
      return multiply(size.depth);
  }
}

/// out += a' . b for a [depth][rows].
template <int L, class T>
void add_transposed_product(const T* a, const T* b, T* out, const MatrixSize& size) {
  matrix_columns<L>({a, 1, size.rows}, b, out, size, /*add=*/true);
}

}  // namespace nas::NAS_ISA
