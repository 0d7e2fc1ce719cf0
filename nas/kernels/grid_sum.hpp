#pragma once

#include <cmath>

#include "nas/kernels/bfloat16.hpp"
#include "nas/kernels/grid_image.hpp"

/// \file
/// out = sum over terms k of factor_k * norm_k(y_k), where norm_k may be a batch norm or nothing,
/// with its gradients. All y_k have one shape and layout.

namespace nas {

/// A mixed edge has fewer options.
constexpr int kMostTerms = 12;

/// The images of the terms of a sum.
template <class T>
struct TermImages {
  GridImage image;
  int64_t count = 0;
  const T* y[kMostTerms] = {};
};

/// Adds rows of a matrix up, `kRowsAtOnce` at a time; one index an element of the result.
constexpr int64_t kRowsAtOnce = 32;
template <class W>
struct RowSums {
  int64_t rows = 0;
  int64_t columns = 0;
  const W* from = nullptr;  // [rows, columns]
  W* to = nullptr;          // [rows / kRowsAtOnce rounded up, columns]

  int64_t count() const { return (rows + kRowsAtOnce - 1) / kRowsAtOnce * columns; }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const Division place = divide(i, columns);
    const int64_t first = place.quotient * kRowsAtOnce;
    const int64_t last = first + kRowsAtOnce < rows ? first + kRowsAtOnce : rows;
    W sum = 0;
    for (int64_t row = first; row < last; ++row) sum += from[row * columns + place.rest];
    to[i] = sum;
  }
};

/// Parts of the sums of y_k and of their squares; one index a term, channel and chunk of pixels.
template <class T>
struct TermSums {
  TermImages<T> terms;
  int64_t chunks = 1;
  double* parts = nullptr;  // [chunks, terms, 2, channels]

  int64_t count() const { return chunks * terms.count * terms.image.channels; }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const GridImage& image = terms.image;
    const Division by_term = divide(i, chunks * image.channels);
    const GridPart part = part_of_image(image, chunks, by_term.rest);
    const T* y = terms.y[by_term.quotient];
    Wide<T> sum = 0;
    Wide<T> squares = 0;
    for (int64_t pixel = part.chunk; pixel < image.pixels(); pixel += chunks) {
      const Wide<T> value = widen(y[image.offset_of_pixel(pixel, part.channel)]);
      sum += value;
      squares += value * value;
    }
    const int64_t row = (part.chunk * terms.count + by_term.quotient) * 2;
    parts[row * image.channels + part.channel] = static_cast<double>(sum);
    parts[(row + 1) * image.channels + part.channel] = static_cast<double>(squares);
  }
};

/// Parts of the sums of g (row 0) and of g * y_k (row k + 1); one index a row, channel and chunk.
template <class T>
struct GradientSums {
  TermImages<T> terms;
  const T* g = nullptr;
  int64_t chunks = 1;
  double* parts = nullptr;  // [chunks, 1 + terms, channels]

  int64_t count() const { return chunks * (1 + terms.count) * terms.image.channels; }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const GridImage& image = terms.image;
    const Division by_row = divide(i, chunks * image.channels);
    const GridPart part = part_of_image(image, chunks, by_row.rest);
    const T* y = by_row.quotient == 0 ? nullptr : terms.y[by_row.quotient - 1];
    Wide<T> sum = 0;
    for (int64_t pixel = part.chunk; pixel < image.pixels(); pixel += chunks) {
      const int64_t at = image.offset_of_pixel(pixel, part.channel);
      sum += y == nullptr ? widen(g[at]) : widen(g[at]) * widen(y[at]);
    }
    const int64_t row = part.chunk * (1 + terms.count) + by_row.quotient;
    parts[row * image.channels + part.channel] = static_cast<double>(sum);
  }
};

/// What a term has beside its image. Null: weight 1, bias 0, factor 1.
template <class W>
struct TermScalars {
  bool normalized = false;
  const W* weight = nullptr;  // [channels]
  const W* bias = nullptr;
  W* running_mean = nullptr;
  W* running_variance = nullptr;
  const W* factor = nullptr;  // one number
};
template <class W>
struct TermTable {
  int64_t count = 0;
  int64_t channels = 0;
  TermScalars<W> at[kMostTerms];
};

/// What each term is mapped by, y -> scale * y + shift, from the sums of the batch in training and
/// from the running statistics, which training moves, else; one index a term and channel.
template <class W>
struct TermMaps {
  TermTable<W> terms;
  const double* sums = nullptr;  // [terms, 2, channels]; null: not in training
  double values = 0;             // a channel
  double momentum = 0;
  double epsilon = 0;
  double* mean = nullptr;     // [terms, channels]; all four are written
  double* inverse = nullptr;  // 1 / standard deviation
  W* scale = nullptr;
  W* shift = nullptr;

  int64_t count() const { return terms.count * terms.channels; }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const Division place = divide(i, terms.channels);
    const TermScalars<W>& term = terms.at[place.quotient];
    const int64_t c = place.rest;
    const double factor = term.factor == nullptr ? 1 : static_cast<double>(*term.factor);
    if (!term.normalized) {
      mean[i] = 0;
      inverse[i] = 1;
      scale[i] = static_cast<W>(factor);
      shift[i] = 0;
      return;
    }
    const double variance = sums == nullptr ? running(term, c, i) : of_batch(term, place, i);
    inverse[i] = 1 / sqrt(variance + epsilon);
    const double weight = term.weight == nullptr ? 1 : static_cast<double>(term.weight[c]);
    const double bias = term.bias == nullptr ? 0 : static_cast<double>(term.bias[c]);
    scale[i] = static_cast<W>(factor * weight * inverse[i]);
    shift[i] = static_cast<W>(factor * (bias - weight * inverse[i] * mean[i]));
  }

  NAS_HOST_DEVICE double running(const TermScalars<W>& term, int64_t c, int64_t i) const {
    mean[i] = static_cast<double>(term.running_mean[c]);
    return static_cast<double>(term.running_variance[c]);
  }

  NAS_HOST_DEVICE double of_batch(const TermScalars<W>& term, const Division& place,
                                  int64_t i) const {
    const int64_t c = place.rest;
    const double* sum = sums + 2 * place.quotient * terms.channels + c;
    mean[i] = sum[0] / values;
    const double spread = sum[terms.channels] / values - mean[i] * mean[i];
    const double variance = spread < 0 ? 0 : spread;  // a NaN stays one
    move(term.running_mean[c], mean[i]);
    move(term.running_variance[c], variance * values / (values - 1));
    return variance;
  }

  NAS_HOST_DEVICE void move(W& from, double towards) const {
    const auto before = static_cast<double>(from);
    from = static_cast<W>(before + momentum * (towards - before));
  }
};

/// out = sum_k scale_k * y_k + shift_k; one index an element.
template <class T>
struct MappedSum {
  TermImages<T> terms;
  const Wide<T>* scale = nullptr;  // [terms, channels]
  const Wide<T>* shift = nullptr;
  T* out = nullptr;

  int64_t count() const { return terms.image.elements(); }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t c = terms.image.channel_of(i);
    Wide<T> sum = 0;
    for (int64_t k = 0; k < terms.count; ++k) {
      const int64_t at = k * terms.image.channels + c;
      sum += scale[at] * widen(terms.y[k][i]) + shift[at];
    }
    out[i] = narrow<T>(sum);
  }
};

/// By which the gradient of y_k is a * g + b * y_k + c, and the gradients of what the norms have;
/// one index a term and channel. Ioffe & Szegedy 2015, section 3, with the terms in y and in 1
/// gathered.
template <class W>
struct GradientMaps {
  TermTable<W> terms;
  const double* sums = nullptr;  // [1 + terms, channels], of g and g * y_k
  const double* mean = nullptr;  // [terms, channels]
  const double* inverse = nullptr;
  double values = 0;
  W* a = nullptr;  // [terms, channels], as all below
  W* b = nullptr;
  W* c = nullptr;
  W* d_weight = nullptr;
  W* d_bias = nullptr;
  double* d_factor = nullptr;  // to be summed over the channels

  int64_t count() const { return terms.count * terms.channels; }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const Division place = divide(i, terms.channels);
    const TermScalars<W>& term = terms.at[place.quotient];
    const double factor = term.factor == nullptr ? 1 : static_cast<double>(*term.factor);
    const double sum = sums[place.rest];
    const double with_y = sums[terms.channels + i];
    const double weight = term.weight == nullptr ? 1 : static_cast<double>(term.weight[place.rest]);
    const double bias = term.bias == nullptr ? 0 : static_cast<double>(term.bias[place.rest]);
    // Of g times the normalised y.
    const double product = inverse[i] * (with_y - mean[i] * sum);
    const double slope = factor * weight * inverse[i];
    const double bend = term.normalized ? -slope * inverse[i] * product / values : 0;
    a[i] = static_cast<W>(slope);
    b[i] = static_cast<W>(bend);
    c[i] = static_cast<W>(term.normalized ? -slope * sum / values - bend * mean[i] : 0);
    d_weight[i] = static_cast<W>(factor * product);
    d_bias[i] = static_cast<W>(factor * sum);
    d_factor[i] = weight * product + bias * sum;
  }
};

/// The gradients of all y_k in one pass; one index an element.
template <class T>
struct TermGradients {
  TermImages<T> terms;
  const T* g = nullptr;
  const Wide<T>* a = nullptr;  // [terms, channels]
  const Wide<T>* b = nullptr;
  const Wide<T>* c = nullptr;
  T* dy[kMostTerms] = {};  // null where not wanted

  int64_t count() const { return terms.image.elements(); }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t channel = terms.image.channel_of(i);
    const Wide<T> gradient = widen(g[i]);
    for (int64_t k = 0; k < terms.count; ++k) {
      if (dy[k] == nullptr) continue;
      const int64_t at = k * terms.image.channels + channel;
      dy[k][i] = narrow<T>(a[at] * gradient + b[at] * widen(terms.y[k][i]) + c[at]);
    }
  }
};

}  // namespace nas
