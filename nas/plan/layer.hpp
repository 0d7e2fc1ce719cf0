#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace nas {

struct NetworkPlan;

/// Height and width of a window.
struct Window {
  int64_t height = 1;
  int64_t width = 1;
  bool operator==(const Window&) const = default;
};

/// The placeholder for the network's input [N, C, H, W]; node 0 of every plan.
struct Input {
  bool operator==(const Input&) const = default;
};

struct Convolution {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  Window kernel;
  int64_t stride = 1;
  Window padding{0, 0};
  int64_t dilation = 1;
  int64_t groups = 1;
  bool bias = false;
  bool operator==(const Convolution&) const = default;
};

struct BatchNorm {
  int64_t channels = 0;
  bool affine = true;
  bool operator==(const BatchNorm&) const = default;
};

struct Relu {
  bool operator==(const Relu&) const = default;
};

/// Functions of single values: relu6 = min(relu(x), 6), swish = x sigmoid(x), and the piecewise
/// linear forms hard_sigmoid = relu6(x + 3) / 6, hard_swish = x hard_sigmoid(x) (Howard et al.
/// 2019, 5.2).
struct Activation {
  enum class Kind { relu6, swish, hard_swish, sigmoid, hard_sigmoid };
  Kind kind = Kind::relu6;
  bool operator==(const Activation&) const = default;
};

struct MaxPool {
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t padding = 1;
  bool operator==(const MaxPool&) const = default;
};

/// Padding is left out of the mean (count_include_pad false), as in the NAS papers' code.
struct AveragePool {
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t padding = 1;
  bool operator==(const AveragePool&) const = default;
};

/// [N, C, H, W] -> [N, C, 1, 1]
struct GlobalAveragePool {
  bool operator==(const GlobalAveragePool&) const = default;
};

/// Flattens what it gets: [N, C, H, W] with C*H*W = in_features -> [N, out_features]
struct Linear {
  int64_t in_features = 0;
  int64_t out_features = 0;
  bool bias = true;
  bool operator==(const Linear&) const = default;
};

struct Identity {
  bool operator==(const Identity&) const = default;
};

/// Zeros of the input's shape, height and width divided by `stride` (rounded up).
struct Zero {
  int64_t stride = 1;
  bool operator==(const Zero&) const = default;
};

/// Drops the first row and column: x[:, :, 1:, 1:] (the second half of a factorized reduction).
struct Shift {
  bool operator==(const Shift&) const = default;
};

/// Bilinear, antialiased: [N, C, H, W] -> [N, C, height, width].
struct Resize {
  int64_t height = 1;
  int64_t width = 1;
  bool operator==(const Resize&) const = default;
};

/// Product of two inputs: the second is of the first's shape or, to scale channels, [N, C, 1, 1].
struct Multiply {
  bool operator==(const Multiply&) const = default;
};

/// Sum of all inputs, equal in shape.
struct Add {
  bool operator==(const Add&) const = default;
};

/// All inputs one after another along the channels.
struct Concatenate {
  bool operator==(const Concatenate&) const = default;
};

/// In training drops a whole sample's path with the probability that the trainer sets (Larsson et
/// al. 2017); identity otherwise.
struct DropPath {
  bool operator==(const DropPath&) const = default;
};

/// In training sets each number to zero with this probability and scales up the others (Srivastava
/// et al. 2014); identity otherwise.
struct Dropout {
  double probability = 0;
  bool operator==(const Dropout&) const = default;
};

/// Over the channels of each position (Ba et al. 2016), with a learned scale and shift of channels.
struct LayerNorm {
  int64_t channels = 0;
  bool operator==(const LayerNorm&) const = default;
};

/// x times the normal distribution function of x (Hendrycks & Gimpel 2016, exact form).
struct Gelu {
  bool operator==(const Gelu&) const = default;
};

/// Adds a learned [channels, height, width] to every sample (Dosovitskiy et al. 2021).
struct PositionEmbedding {
  int64_t channels = 0;
  int64_t height = 1;
  int64_t width = 1;
  bool operator==(const PositionEmbedding&) const = default;
};

/// softmax(Q K^T / sqrt(d)) V of all heads (Vaswani et al. 2017) between the H*W positions, without
/// weights of its own: [N, 3 channels, H, W] -> [N, channels, H, W], d = channels / heads. The
/// input holds head after head, each with its d queries, d keys and d values, so that the first
/// channels of the convolution before it belong to the first heads.
struct Attention {
  int64_t channels = 0;
  int64_t heads = 1;
  bool operator==(const Attention&) const = default;
};

/// Supernets only: the sum of all `options` applied to one input, weighted by row `row` of the
/// mixture weights of architecture group `group` (see SupernetPlan).
///
/// With `part` > 1 only the first 1/part of the channels go through the options; the others skip
/// them (pooled by the largest of 2x2 where the options halve height and width), scaled by the sum
/// of the weights. All follow one another then, and channels are shuffled between `part` groups
/// (Xu et al. 2020, section 3.2).
struct Mixed {
  int64_t group = 0;
  int64_t row = 0;
  std::vector<NetworkPlan> options;
  int64_t part = 1;
  bool operator==(const Mixed&) const;
};

/// Closed on purpose and visited without a catch-all: the compiler names every place that a new
/// layer must be handled in.
using Layer = std::variant<Input, Convolution, BatchNorm, Relu, Activation, MaxPool, AveragePool,
                           GlobalAveragePool, Linear, Identity, Zero, Shift, Resize, Multiply, Add,
                           Concatenate, DropPath, Dropout, LayerNorm, Gelu, PositionEmbedding,
                           Attention, Mixed>;

}  // namespace nas
