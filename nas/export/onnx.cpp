#include "nas/export/onnx.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nas/core/error.hpp"
#include "nas/export/fold.hpp"
#include "nas/export/onnx_mean.hpp"
#include "nas/export/onnx_parts.hpp"
#include "nas/export/resize_matrix.hpp"
#include "nas/export/short_names.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Writes one node of a network after another into a model. Every visit writes the operators of
/// the node at hand.
class OnnxWriter : private OnnxParts {
 public:
  OnnxWriter(const TrainedNetwork& network, OnnxModel& model)
      : OnnxWriter(network, model, nullptr) {}
  OnnxWriter(const QuantizedNetwork& network, OnnxModel& model, ActivationType type)
      : OnnxWriter(network.network, model, &network, type) {}

  /// Without the batch.
  Integers sizes_of_output() const {
    const auto output = at(network_.plan.outputs.front());
    const Shape& shape = shapes_[output];
    if (flat_[output] != 0) return {shape.channels};
    return {shape.channels, shape.height, shape.width};
  }

  void operator()(const Input&) {
    if (network_.plan.outputs.front() == PlanBuilder::kInput) return emit("Identity", {"input"});
    if (is_quantized()) quantize("input", value(PlanBuilder::kInput));
  }
  void operator()(const Convolution& layer) {
    Names inputs{in(), own("weight")};
    if (layer.bias || is_quantized()) inputs.push_back(own("bias"));
    emit("Conv", inputs,
         {{"kernel_shape", Integers{layer.kernel.height, layer.kernel.width}},
          {"strides", Integers{layer.stride, layer.stride}},
          {"pads", Integers{layer.padding.height, layer.padding.width, layer.padding.height,
                            layer.padding.width}},
          {"dilations", Integers{layer.dilation, layer.dilation}},
          {"group", layer.groups}});
  }
  void operator()(const BatchNorm& layer) {
    if (is_quantized()) return scale_channels(layer);
    Names inputs{in(), own("weight"), own("bias"), own("running_mean"), own("running_var")};
    if (!layer.affine) {
      inputs[1] = constant("scale", {layer.channels}, floats(layer.channels, 1));
      inputs[2] = constant("shift", {layer.channels}, floats(layer.channels, 0));
    }
    emit("BatchNormalization", inputs, {{"epsilon", static_cast<float>(kNormEpsilon)}});
  }
  void operator()(const Relu&) { emit("Relu", {in()}); }
  void operator()(const Activation& layer) {
    switch (layer.kind) {
      case Activation::Kind::relu6:
        return emit("Clip",
                    {in(), constant("low", {}, floats(1, 0)), constant("high", {}, floats(1, 6))});
      case Activation::Kind::swish:
        return emit("Mul", {in(), part("Sigmoid", "gate", {in()})});
      case Activation::Kind::hard_swish:
        return emit("HardSwish", {in()});
      case Activation::Kind::sigmoid:
        return emit("Sigmoid", {in()});
      case Activation::Kind::hard_sigmoid:
        return emit("HardSigmoid", {in()}, {{"alpha", 1.0F / 6.0F}, {"beta", 0.5F}});
    }
  }
  void operator()(const MaxPool& layer) { emit("MaxPool", {in()}, pool(layer)); }
  void operator()(const AveragePool& layer) {
    if (is_quantized()) {
      const OnnxNode last = means_.write(
          {layer, shape_in(), shapes_[index_], in(), quantized_->grids[index_]}, *this);
      return emit(last.type.c_str(), last.inputs, last.attributes);
    }
    Attributes attributes = pool(layer);
    attributes.push_back({"count_include_pad", int64_t{0}});
    emit("AveragePool", {in()}, attributes);
  }
  void operator()(const GlobalAveragePool&) { emit("GlobalAveragePool", {in()}); }
  void operator()(const Linear& layer) {
    const std::string rows =
        flat_[at(node().inputs.front())] != 0 ? in() : part("Flatten", "rows", {in()});
    Names inputs{rows, own("weight")};
    if (layer.bias || is_quantized()) inputs.push_back(own("bias"));
    emit("Gemm", inputs, {{"transB", int64_t{1}}});
  }
  void operator()(const Identity&) { emit("Identity", {in()}); }
  void operator()(const DropPath&) { emit("Identity", {in()}); }
  void operator()(const Dropout&) { emit("Identity", {in()}); }
  void operator()(const Zero& layer) {
    const std::string kept = part("Slice", "kept",
                                  {in(), constant("begin", {2}, Integers{0, 0}),
                                   constant("end", {2}, Integers{INT64_MAX, INT64_MAX}),
                                   constant("axes", {2}, Integers{2, 3}),
                                   constant("steps", {2}, Integers{layer.stride, layer.stride})});
    emit("Mul", {kept, constant("nothing", {}, floats(1, 0))});
  }
  void operator()(const Shift&) {
    emit("Slice", {in(), constant("begin", {2}, Integers{1, 1}),
                   constant("end", {2}, Integers{INT64_MAX, INT64_MAX}),
                   constant("axes", {2}, Integers{2, 3})});
  }
  /// As products of matrices, which every runtime has; few have the antialiased Resize.
  void operator()(const Resize& layer) {
    const Shape& from = shape_in();
    const std::string narrowed =
        part("MatMul", "narrowed",
             {in(), constant("columns", {from.width, layer.width},
                             transposed_resize_matrix(from.width, layer.width))});
    emit("MatMul",
         {constant("rows", {layer.height, from.height}, resize_matrix(from.height, layer.height)),
          narrowed});
  }
  void operator()(const Multiply&) { emit("Mul", {in(0), in(1)}); }
  void operator()(const Add&) {
    std::string sum = in(0);
    const auto& terms = node().inputs;
    Range range = is_quantized() ? range_of(terms[0]) : Range{};
    for (size_t i = 1; i + 1 < terms.size(); ++i) {
      const std::string name = "sum" + std::to_string(i);
      sum = part("Add", name, {sum, in(i)});
      if (!is_quantized()) continue;
      // Runtimes join additions of two quantized values with what is quantized again.
      const Range more = range_of(terms[i]);
      range = {range.low + more.low, range.high + more.high};
      sum = on_grid(sum, own(name) + ".", grid_of(range));
    }
    emit("Add", {sum, in(terms.size() - 1)});
  }
  void operator()(const Concatenate&) {
    Names inputs;
    for (size_t i = 0; i < node().inputs.size(); ++i) inputs.push_back(in(i));
    emit("Concat", inputs, {{"axis", int64_t{1}}});
  }
  void operator()(const LayerNorm&) {
    const std::string last = part("Transpose", "last", {in()}, {{"perm", Integers{0, 2, 3, 1}}});
    const std::string normed =
        part("LayerNormalization", "normed", {last, own("weight"), own("bias")},
             {{"axis", int64_t{-1}}, {"epsilon", static_cast<float>(kNormEpsilon)}});
    emit("Transpose", {normed}, {{"perm", Integers{0, 3, 1, 2}}});
  }
  void operator()(const Gelu&) {
    const std::string scaled =
        part("Mul", "scaled", {in(), constant("root", {}, floats(1, std::numbers::sqrt2 / 2))});
    const std::string grown =
        part("Add", "grown", {part("Erf", "erf", {scaled}), constant("one", {}, floats(1, 1))});
    const std::string half = part("Mul", "half", {in(), constant("point5", {}, floats(1, 0.5))});
    emit("Mul", {half, grown});
  }
  void operator()(const PositionEmbedding&) { emit("Add", {in(), own("weight")}); }
  /// Channels are [heads, 3, size]; heads, with their batch, are the matrices' leading dimensions.
  void operator()(const Attention& layer) {
    const int64_t size = layer.channels / layer.heads;
    const Shape& from = shape_in();
    const int64_t positions = from.height * from.width;
    const std::string heads =
        part("Reshape", "heads",
             {in(), constant("split", {5}, Integers{0, layer.heads, 3, size, positions})});
    const Names parts{own("queries"), own("keys"), own("values")};
    write("Split", "split", {heads}, parts, {{"axis", int64_t{2}}});
    const Attributes swapped{{"perm", Integers{0, 1, 2, 4, 3}}};
    const std::string scale =
        constant("scale", {}, floats(1, 1 / std::sqrt(static_cast<double>(size))));
    const std::string queries =
        part("Transpose", "rows", {part("Mul", "scaled", {parts[0], scale})}, swapped);
    const std::string weights =
        part("Softmax", "weights", {part("MatMul", "scores", {queries, parts[1]})},
             {{"axis", int64_t{-1}}});
    const std::string mixed =
        part("MatMul", "mixed", {parts[2], part("Transpose", "columns", {weights}, swapped)});
    emit("Reshape",
         {mixed, constant("joined", {4}, Integers{0, layer.channels, from.height, from.width})});
  }
  void operator()(const Mixed&) { weight_shapes(node().layer); }

 private:
  OnnxWriter(const TrainedNetwork& network, OnnxModel& model, const QuantizedNetwork* quantized,
             ActivationType type = ActivationType::int8)
      : OnnxParts(model, type),
        network_(network),
        quantized_(quantized),
        shapes_(shapes(network.plan, network.input)),
        flat_(flat_nodes(network.plan)) {
    if (quantized != nullptr) real_ = cut_by_relu(*quantized);
    for (index_ = 0; index_ < network.plan.nodes.size(); ++index_) {
      begin(node().name);
      write_weights();
      std::visit(*this, node().layer);
    }
  }

  bool is_quantized() const { return quantized_ != nullptr; }

  void write_weights() {
    if (is_quantized() && quantized_->layers.contains(index_)) return write_quantized_weights();
    for (const auto& [part, shape] : weight_shapes(node().layer)) {
      const Tensor& weight = network_.weight(node(), part);
      constant(part, weight.shape, weight.values);
    }
  }

  void write_quantized_weights() {
    const QuantizedWeights& weights = quantized_->layers.at(index_);
    const auto channels = static_cast<int64_t>(weights.scales.size());
    Integers shape{channels};
    if (!std::holds_alternative<BatchNorm>(node().layer)) {
      shape = network_.weight(node(), "weight").shape;
    } else if (flat_[index_] == 0) {
      shape = {channels, 1, 1, 1};
    }
    std::vector<float> products = weights.scales;
    for (float& scale : products) scale *= quantized_->grids[at(node().inputs.front())].scale;
    if (weights.bits == kUsualBits) {
      dequantized("weight", shape, weights.values, weights.scales);
    } else {
      model().opset = 21;  // the first with INT4
      dequantized("weight", shape, OnnxInt4{weights.values}, weights.scales);
    }
    dequantized("bias", {channels}, weights.bias, std::move(products));
  }

  /// A batch norm that could not be folded.
  void scale_channels(const BatchNorm& layer) {
    if (flat_[index_] != 0) {
      return emit("Add", {part("Mul", "scaled", {in(), own("weight")}), own("bias")});
    }
    emit("Conv", {in(), own("weight"), own("bias")},
         {{"kernel_shape", Integers{1, 1}}, {"group", layer.channels}});
  }

  /// Puts a value on the grid of the node at hand.
  void quantize(const std::string& from, const std::string& to) {
    write_pair(from, to, own(""), quantized_->grids[index_]);
  }

  Range range_of(int64_t index) const {
    const Grid& grid = quantized_->grids[at(index)];
    return {grid.scale * static_cast<float>(-128 - grid.zero),
            grid.scale * static_cast<float>(127 - grid.zero)};
  }

  const Node& node() const { return network_.plan.nodes[index_]; }
  const Shape& shape_in() const { return shapes_[at(node().inputs.front())]; }

  std::string value(int64_t index) const {
    if (index == PlanBuilder::kInput) return is_quantized() ? "input.out" : "input";
    if (index == network_.plan.outputs.front()) return "logits";
    return network_.plan.nodes[at(index)].name + ".out";
  }
  std::string in(size_t position = 0) const { return value(node().inputs[position]); }

  /// The operator that gives the node's value.
  void emit(const char* type, Names inputs, Attributes attributes = {}) {
    const auto index = static_cast<int64_t>(index_);
    const bool is_output = index == network_.plan.outputs.front();
    const std::string name = is_output ? "logits" : value(index);
    const bool on_grid = is_quantized() && !is_output && real_[index_] == 0;
    write(type, "node", std::move(inputs), {on_grid ? own("real") : name}, std::move(attributes));
    if (on_grid) quantize(own("real"), name);
  }

  const TrainedNetwork& network_;
  const QuantizedNetwork* quantized_;  // of float networks null
  std::vector<char> real_;             // by node: whether it is left in float32, for a ReLU to cut
  std::vector<Shape> shapes_;
  std::vector<char> flat_;
  OnnxMeans means_;
  size_t index_ = 0;
};

void finish(OnnxModel& model, const Shape& input, const OnnxWriter& writer,
            const NetworkFacts& facts) {
  model.input = {"input", {input.channels, input.height, input.width}};
  model.output = {"logits", writer.sizes_of_output()};
  model.metadata = metadata_of(facts);
}

}  // namespace

OnnxModel onnx_model(const TrainedNetwork& network, const NetworkFacts& facts) {
  OnnxModel model;
  const OnnxWriter writer(network, model);
  finish(model, network.input, writer, facts);
  return model;
}

OnnxModel onnx_model(const QuantizedNetwork& network, const NetworkFacts& facts,
                     ActivationType type) {
  OnnxModel model;
  const OnnxWriter writer(network, model, type);
  finish(model, network.network.input, writer, facts);
  shorten_value_names(model);
  return model;
}

}  // namespace nas
