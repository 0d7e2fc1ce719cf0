#include "nas/export/integer_network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nas/core/error.hpp"
#include "nas/export/layout.hpp"
#include "nas/export/pack_nibbles.hpp"
#include "nas/plan/layer_text.hpp"

namespace nas {
namespace {

constexpr int32_t kLeast = -128;
constexpr int32_t kMost = 127;

size_t at(int64_t index) { return static_cast<size_t>(index); }

int8_t saturated(double value) {
  return static_cast<int8_t>(std::clamp<double>(std::nearbyint(value), kLeast, kMost));
}

double real(const Grid& grid, int32_t q) { return double{grid.scale} * (q - grid.zero); }

template <class Function>
IntegerTable table_of(const Grid& from, const Grid& to, Function function) {
  IntegerTable table;
  for (int32_t q = kLeast; q <= kMost; ++q) {
    table.results[static_cast<size_t>(q - kLeast)] =
        saturated(function(real(from, q)) / to.scale + to.zero);
  }
  return table;
}

double activated(Activation::Kind kind, double x) {
  const double hard_sigmoid = std::clamp(x + 3, 0.0, 6.0) / 6;
  const double sigmoid = 1 / (1 + std::exp(-x));
  switch (kind) {
    case Activation::Kind::relu6:
      return std::clamp(x, 0.0, 6.0);
    case Activation::Kind::swish:
      return x * sigmoid;
    case Activation::Kind::hard_swish:
      return x * hard_sigmoid;
    case Activation::Kind::sigmoid:
      return sigmoid;
    case Activation::Kind::hard_sigmoid:
      return hard_sigmoid;
  }
  throw RunError("an activation of no known kind");
}

/// The integer form of one node after another.
class Converter {
 public:
  explicit Converter(const QuantizedNetwork& network)
      : network_(network), shapes_(shapes(network.network.plan, network.network.input)) {}

  std::vector<IntegerLayer> layers() {
    std::vector<IntegerLayer> layers;
    for (index_ = 0; index_ < network_.network.plan.nodes.size(); ++index_) {
      layers.push_back(std::visit(*this, node().layer));
    }
    return layers;
  }

  IntegerLayer operator()(const Input&) { return std::monostate{}; }
  IntegerLayer operator()(const Convolution& layer) {
    const QuantizedWeights& weights = network_.layers.at(index_);
    const Tensor tensor{{layer.out_channels, layer.in_channels / layer.groups, layer.kernel.height,
                         layer.kernel.width},
                        floats(weights.values)};
    return IntegerConvolution{
        layer,
        packed(is_depthwise(layer) ? taps_then_channels(tensor) : channels_last(tensor), weights),
        weights.bias,
        product_scaling(weights),
        from().zero,
        to().zero};
  }
  /// Batch norms behind anything else but a convolution scale channels, as 1x1 depthwise ones do.
  IntegerLayer operator()(const BatchNorm& layer) {
    const QuantizedWeights& weights = network_.layers.at(index_);
    Convolution scaling{layer.channels, layer.channels, {1, 1}};
    scaling.groups = layer.channels;
    PackedWeights values{weights.values, kUsualBits};
    return IntegerConvolution{
        scaling, std::move(values), weights.bias, product_scaling(weights), from().zero, to().zero};
  }
  IntegerLayer operator()(const Linear& layer) {
    const QuantizedWeights& weights = network_.layers.at(index_);
    const Tensor tensor{{layer.out_features, layer.in_features}, floats(weights.values)};
    auto values =
        packed(columns_channels_last(tensor, shapes_[at(node().inputs.front())]), weights);
    if (at(network_.network.plan.outputs.front()) == index_) {
      std::vector<float> scales;
      for (const float scale : weights.scales) scales.push_back(scale * from().scale);
      return IntegerScores{std::move(values), weights.bias, std::move(scales), from().zero};
    }
    return IntegerLinear{std::move(values), weights.bias, product_scaling(weights), from().zero,
                         to().zero};
  }
  IntegerLayer operator()(const Relu&) {
    return table_of(from(), to(), [](double x) { return std::max(x, 0.0); });
  }
  IntegerLayer operator()(const Activation& layer) {
    return table_of(from(), to(), [&](double x) { return activated(layer.kind, x); });
  }
  IntegerLayer operator()(const Gelu&) {
    return table_of(from(), to(),
                    [](double x) { return x * 0.5 * std::erfc(-x / std::numbers::sqrt2); });
  }
  IntegerLayer operator()(const Identity&) { return same(); }
  IntegerLayer operator()(const DropPath&) { return same(); }
  IntegerLayer operator()(const Dropout&) { return same(); }
  IntegerLayer operator()(const MaxPool& layer) { return IntegerMaxPool{layer}; }
  IntegerLayer operator()(const AveragePool& layer) { return IntegerAveragePool{layer, to().zero}; }
  IntegerLayer operator()(const GlobalAveragePool&) {
    const Shape& shape = shapes_[at(node().inputs.front())];
    const auto count = static_cast<double>(shape.height * shape.width);
    return IntegerGlobalAveragePool{scaling_of({double{from().scale} / to().scale / count}),
                                    from().zero, to().zero};
  }
  IntegerLayer operator()(const Zero&) { return IntegerFill{to().zero}; }
  IntegerLayer operator()(const Shift&) { return IntegerShift{}; }
  IntegerLayer operator()(const Multiply&) {
    const Shape& second = shapes_[at(node().inputs[1])];
    return IntegerProduct{scaling_of({double{from().scale} * from(1).scale / to().scale}),
                          {from().zero, from(1).zero},
                          to().zero,
                          !(second == shapes_[index_])};
  }
  IntegerLayer operator()(const Add&) {
    IntegerSum sum;
    sum.zero = to().zero;
    std::vector<double> factors;
    double all = 0;
    for (size_t i = 0; i < node().inputs.size(); ++i) {
      sum.zeros.push_back(from(i).zero);
      factors.push_back(double{from(i).scale} / to().scale);
      all += 256 * factors.back();
    }
    // The largest sum of products has to fit.
    sum.shift = std::clamp(static_cast<int32_t>(30 - std::ceil(std::log2(all))), 1, 24);
    for (const double factor : factors) {
      sum.factors.push_back(static_cast<int32_t>(std::lround(std::ldexp(factor, sum.shift))));
    }
    return sum;
  }
  IntegerLayer operator()(const Concatenate&) {
    IntegerConcatenation joined;
    for (size_t i = 0; i < node().inputs.size(); ++i) {
      joined.tables.push_back(table_of(from(i), to(), [](double x) { return x; }));
    }
    return joined;
  }
  IntegerLayer operator()(const Resize&) { return refuse(); }
  IntegerLayer operator()(const LayerNorm&) { return refuse(); }
  IntegerLayer operator()(const PositionEmbedding&) { return refuse(); }
  IntegerLayer operator()(const Attention&) { return refuse(); }
  IntegerLayer operator()(const Mixed&) { return refuse(); }

 private:
  const Node& node() const { return network_.network.plan.nodes[index_]; }
  const Grid& from(size_t position = 0) const {
    return network_.grids[at(node().inputs[position])];
  }
  const Grid& to() const { return network_.grids[index_]; }

  IntegerTable same() const {
    return table_of(from(), to(), [](double x) { return x; });
  }

  Scaling product_scaling(const QuantizedWeights& weights) const {
    std::vector<double> factors;
    for (const float scale : weights.scales) {
      factors.push_back(double{from().scale} * scale / to().scale);
    }
    return scaling_of(factors);
  }

  static std::vector<float> floats(const std::vector<int8_t>& values) {
    return {values.begin(), values.end()};
  }
  static PackedWeights packed(const std::vector<float>& values, const QuantizedWeights& weights) {
    std::vector<int8_t> numbers;
    numbers.reserve(values.size());
    for (const float value : values) numbers.push_back(static_cast<int8_t>(value));
    if (weights.bits == kUsualBits) return {std::move(numbers), weights.bits};
    const std::vector<uint8_t> bytes = pack_nibbles(numbers);
    return {{bytes.begin(), bytes.end()}, weights.bits};
  }

  [[noreturn]] IntegerLayer refuse() const {
    throw UsageError(fmt::format("int8: {} ({}) has no form in whole numbers", node().name,
                                 to_text(node().layer)));
  }

  const QuantizedNetwork& network_;
  std::vector<Shape> shapes_;
  size_t index_ = 0;
};

}  // namespace

Scaling scaling_of(const std::vector<double>& factors) {
  Scaling scaling;
  for (const double factor : factors) {
    int exponent = 0;
    auto mantissa = std::llround(std::ldexp(std::frexp(factor, &exponent), 31));
    if (mantissa == int64_t{1} << 31) {
      mantissa /= 2;
      ++exponent;
    }
    if (exponent < -31) {  // less than any sum makes count
      mantissa = 0;
      exponent = 0;
    }
    scaling.mantissas.push_back(static_cast<int32_t>(mantissa));
    scaling.shifts.push_back(static_cast<int8_t>(exponent));
  }
  return scaling;
}

bool IntegerTable::keeps_all() const {
  for (int32_t q = kLeast; q <= kMost; ++q) {
    if (results[static_cast<size_t>(q - kLeast)] != q) return false;
  }
  return true;
}

IntegerNetwork integer_network(const QuantizedNetwork& network) {
  const TrainedNetwork& trained = network.network;
  const size_t output = at(trained.plan.outputs.front());
  return {trained.plan,
          trained.input,
          shapes(trained.plan, trained.input),
          network.grids.front(),
          network.grids[output],
          Converter(network).layers(),
          plan_memory(trained.plan, trained.input)};
}

}  // namespace nas
