#pragma once

#include "nas/kernels/cpu_separable.hpp"

/// \file
/// 3x3 convolutions over all channels, from 4x4 pixels to 2x2 at a time with 16 products instead of
/// 36: F(2x2, 3x3) of Lavin and Gray, "Fast algorithms for convolutional neural networks"
/// (arXiv:1509.09308). With their B, G and A, a tile's result is A' [(G w G') * (B' x B)] A; over
/// all channels the products are 16 matrix products, whose weights come transformed.

namespace nas::NAS_ISA {

constexpr int64_t kTileProducts = SeparableShape::kTileProducts;
/// Tiles that are transformed together.
constexpr int64_t kTileBlock = 16;

/// Sizes of one sample's buffers, channels padded. Tiles are numbered row by row.
struct TileSizes {
  TileSizes(const SeparableShape& shape, int64_t lanes)
      : in(padded(shape.in_channels, lanes)),
        out(padded(shape.out_channels, lanes)),
        columns((shape.width + 1) / 2),
        count(columns * ((shape.height + 1) / 2)),
        out_line((shape.width + 2 * shape.frame()) * out),
        out_framed((shape.height + 2 * shape.frame()) * out_line) {}

  int64_t in, out;
  int64_t columns, count;
  int64_t out_line, out_framed;  // of the result's gradient with a frame
};

/// Elements between the matrices [kTileBlock][channels] of two products: a line more than needed,
/// lest all 16 begin in one set of the first cache.
template <class T>
constexpr int64_t plane_of(int64_t channels) {
  return kTileBlock * channels + static_cast<int64_t>(64 / sizeof(T));
}

template <class T>
int64_t tile_scratch(const SeparableShape& shape, int64_t lanes) {
  const TileSizes sizes(shape, lanes);
  return sizes.out_framed + kTileProducts * (plane_of<T>(sizes.in) + plane_of<T>(sizes.out));
}

/// Tiles one after another, and where in the image each starts.
struct TileBlock {
  TileBlock(const TileSizes& sizes, int64_t first) : count(sizes.count - first) {
    if (count > kTileBlock) count = kTileBlock;
    for (int64_t t = 0; t < count; ++t) {
      y[t] = (first + t) / sizes.columns * 2;
      x[t] = (first + t) % sizes.columns * 2;
    }
  }
  int64_t count;
  int64_t y[kTileBlock], x[kTileBlock];
};

/// An image of padded channels, from the pixel on that is (0, 0) to a block.
template <class T>
struct TileImage {
  const T* first = nullptr;
  int64_t line = 0;
  int64_t channels = 0;

  const T* at(const TileBlock& block, int64_t t) const {
    return first + block.y[t] * line + block.x[t] * channels;
  }
};

/// B' x B of the block's 4x4 windows.
template <int L, class T>
void transform_windows(const TileImage<T>& image, const TileBlock& block, T* planes) {
  using V = Vector<T, L>;
  const int64_t plane = plane_of<T>(image.channels);
  for (int64_t c = 0; c < image.channels; c += L) {
    for (int64_t t = 0; t < block.count; ++t) {
      const T* from = image.at(block, t) + c;
      V rows[4][4];
      for (int i = 0; i < 4; ++i, from += image.channels) {
        const V x0 = load<L>(from);
        const V x1 = load<L>(from + image.line);
        const V x2 = load<L>(from + 2 * image.line);
        const V x3 = load<L>(from + 3 * image.line);
        rows[0][i] = x0 - x2;
        rows[1][i] = x1 + x2;
        rows[2][i] = x2 - x1;
        rows[3][i] = x1 - x3;
      }
      T* to = planes + t * image.channels + c;
      for (int j = 0; j < 4; ++j, to += 4 * plane) {
        store<L>(to, rows[j][0] - rows[j][2]);
        store<L>(to + plane, rows[j][1] + rows[j][2]);
        store<L>(to + 2 * plane, rows[j][2] - rows[j][1]);
        store<L>(to + 3 * plane, rows[j][1] - rows[j][3]);
      }
    }
  }
}

/// A dy A' of the block's 2x2 gradients.
template <int L, class T>
void transform_gradients(const TileImage<T>& image, const TileBlock& block, T* planes) {
  using V = Vector<T, L>;
  const int64_t plane = plane_of<T>(image.channels);
  for (int64_t c = 0; c < image.channels; c += L) {
    for (int64_t t = 0; t < block.count; ++t) {
      const T* from = image.at(block, t) + c;
      V rows[4][2];
      for (int i = 0; i < 2; ++i, from += image.channels) {
        const V y0 = load<L>(from);
        const V y1 = load<L>(from + image.line);
        rows[0][i] = y0;
        rows[1][i] = y0 + y1;
        rows[2][i] = y0 - y1;
        rows[3][i] = -y1;
      }
      T* to = planes + t * image.channels + c;
      for (int j = 0; j < 4; ++j, to += 4 * plane) {
        store<L>(to, rows[j][0]);
        store<L>(to + plane, rows[j][0] + rows[j][1]);
        store<L>(to + 2 * plane, rows[j][0] - rows[j][1]);
        store<L>(to + 3 * plane, -rows[j][1]);
      }
    }
  }
}

/// The four pixels A' m A of a tile, row by row.
template <int L, class T>
struct TileResult {
  inline __attribute__((always_inline)) TileResult(const T* from, int64_t plane) {
    using V = Vector<T, L>;
    V columns[2][4];
    for (int i = 0; i < 4; ++i) {
      const V m0 = load<L>(from + i * plane);
      const V m1 = load<L>(from + (4 + i) * plane);
      const V m2 = load<L>(from + (8 + i) * plane);
      const V m3 = load<L>(from + (12 + i) * plane);
      columns[0][i] = m0 + m1 + m2;
      columns[1][i] = m1 - m2 - m3;
    }
    for (int j = 0; j < 2; ++j) {
      pixels[j][0] = columns[j][0] + columns[j][1] + columns[j][2];
      pixels[j][1] = columns[j][1] - columns[j][2] - columns[j][3];
    }
  }
  Vector<T, L> pixels[2][2];
};

/// Calls put(y, x, value) for a tile's pixels within the image.
template <int L, class T, class Put>
inline __attribute__((always_inline)) void for_each_pixel(const TileResult<L, T>& tile,
                                                          const SeparableShape& shape, int64_t y,
                                                          int64_t x, Put put) {
  for (int64_t j = 0; j < 2 && y + j < shape.height; ++j) {
    for (int64_t i = 0; i < 2 && x + i < shape.width; ++i) put(y + j, x + i, tile.pixels[j][i]);
  }
}

/// The products of all places: from planes [tiles][from_channels] to [tiles][to_channels].
template <int L, class T>
void multiply_tiles(const TileBlock& block, const T* from, int64_t from_channels, const T* weights,
                    T* to, int64_t to_channels) {
  for (int64_t p = 0; p < kTileProducts; ++p) {
    matrix_product<L>(from + p * plane_of<T>(from_channels),
                      weights + p * from_channels * to_channels, to + p * plane_of<T>(to_channels),
                      {block.count, from_channels, to_channels}, /*add=*/false);
  }
}

/// A block's results, and their sums.
template <int L, class T>
void put_results(const SeparableForward<T>& work, const TileSizes& sizes, const TileBlock& block,
                 const T* planes) {
  using V = Vector<T, L>;
  const int64_t channels = work.shape.out_channels;
  for (int64_t c = 0; c < channels; c += L) {
    V sum = load<L>(work.sums + c);
    V squares = load<L>(work.sums + sizes.out + c);
    for (int64_t t = 0; t < block.count; ++t) {
      const TileResult<L, T> tile(planes + t * sizes.out + c, plane_of<T>(sizes.out));
      for_each_pixel(tile, work.shape, block.y[t], block.x[t], [&](int64_t y, int64_t x, V value) {
        sum += value;
        squares += value * value;
        T* z = work.z + (y * work.shape.width + x) * channels + c;
        if (c + L <= channels) {
          store<L>(z, value);
        } else {
          for (int64_t i = 0; c + i < channels; ++i) z[i] = value[i];
        }
      });
    }
    store<L>(work.sums + c, sum);
    store<L>(work.sums + sizes.out + c, squares);
  }
}

template <int L, class T>
void tiles_forward(const SeparableForward<T>& work) {
  const TileSizes sizes(work.shape, L);
  const Windows<T> windows(work.input, work.shape, sizes.in);
  const TileImage<T> image{windows.first, windows.line, sizes.in};
  T* inputs = work.scratch;
  T* results = inputs + kTileProducts * plane_of<T>(sizes.in);
  for (int64_t first = 0; first < sizes.count; first += kTileBlock) {
    const TileBlock block(sizes, first);
    transform_windows<L>(image, block, inputs);
    multiply_tiles<L>(block, inputs, sizes.in, work.pointwise, results, sizes.out);
    put_results<L>(work, sizes, block, results);
  }
}

/// A block's share of the gradients of the weights, transformed as these are.
template <int L, class T>
void tile_weights(const SeparableBackward<T>& work, const TileSizes& sizes, const TileBlock& block,
                  const T* inputs, const T* gradients) {
  for (int64_t p = 0; p < kTileProducts; ++p) {
    add_transposed_product<L>(
        inputs + p * plane_of<T>(sizes.in), gradients + p * plane_of<T>(sizes.out),
        work.d_pointwise + p * sizes.in * sizes.out, {sizes.in, block.count, sizes.out});
  }
}

/// A block's part of the gradient of the input.
template <int L, class T>
void put_gradients(const SeparableBackward<T>& work, const TileSizes& sizes, const TileBlock& block,
                   const T* planes) {
  for (int64_t c = 0; c < sizes.in; c += L) {
    for (int64_t t = 0; t < block.count; ++t) {
      const TileResult<L, T> tile(planes + t * sizes.in + c, plane_of<T>(sizes.in));
      for_each_pixel(tile, work.shape, block.y[t], block.x[t],
                     [&](int64_t y, int64_t x, Vector<T, L> value) {
                       T* to = work.gradient + (y * work.shape.width + x) * sizes.in + c;
                       store<L>(to, work.accumulate ? load<L>(to) + value : value);
                     });
    }
  }
}

template <int L, class T>
void tiles_backward(const SeparableBackward<T>& work) {
  const TileSizes sizes(work.shape, L);
  const int64_t frame = work.shape.frame();
  const Windows<T> windows(work.input, work.shape, sizes.in);
  const TileImage<T> image{windows.first, windows.line, sizes.in};
  T* inputs = work.scratch;
  T* results = inputs + kTileProducts * plane_of<T>(sizes.in);
  T* framed = results + kTileProducts * plane_of<T>(sizes.out);
  T* gradient = framed + frame * (sizes.out_line + sizes.out);
  zero_border(framed, work.shape.height, work.shape.width, sizes.out, frame);
  const SeparableSizes rows(work.shape, L);
  for (int64_t y = 0; y < work.shape.height; ++y) {
    result_gradient<L>(work, rows, y, gradient + y * sizes.out_line);
  }
  const TileImage<T> pixels{gradient, sizes.out_line, sizes.out};
  const TileImage<T> around{gradient - sizes.out_line - sizes.out, sizes.out_line, sizes.out};
  for (int64_t first = 0; first < sizes.count; first += kTileBlock) {
    const TileBlock block(sizes, first);
    if (work.d_pointwise != nullptr) {
      transform_windows<L>(image, block, inputs);
      transform_gradients<L>(pixels, block, results);
      tile_weights<L>(work, sizes, block, inputs, results);
    }
    transform_windows<L>(around, block, results);
    multiply_tiles<L>(block, results, sizes.out, work.transposed, inputs, sizes.in);
    put_gradients<L>(work, sizes, block, inputs);
  }
}

}  // namespace nas::NAS_ISA
