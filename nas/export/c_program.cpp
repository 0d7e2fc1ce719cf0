#include "nas/export/c_program.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/export/fold.hpp"
#include "nas/export/layout.hpp"
#include "nas/export/resize_matrix.hpp"
#include "nas/plan/layer_text.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }
int64_t numbers_in(const Shape& shape) { return shape.channels * shape.height * shape.width; }

std::string c_shape(const Shape& shape) {
  return fmt::format("(shape){{{}, {}, {}}}", shape.height, shape.width, shape.channels);
}

template <class Pool>
std::string pool_window(const Pool& layer) {
  return fmt::format("(window){{{0}, {0}, {1}, {2}, {2}, 1}}", layer.kernel, layer.stride,
                     layer.padding);
}

std::string kernel_name(Activation::Kind kind) {
  switch (kind) {
    case Activation::Kind::relu6:
      return "relu6";
    case Activation::Kind::swish:
      return "swish";
    case Activation::Kind::hard_swish:
      return "hard_swish";
    case Activation::Kind::sigmoid:
      return "sigmoid";
    case Activation::Kind::hard_sigmoid:
      return "hard_sigmoid";
  }
  throw RunError("an activation of no known kind");
}

template <class T, class Text>
std::string array_of(const char* type, const std::string& name, const std::vector<T>& values,
                     Text text_of) {
  std::string text = fmt::format("static const {} {}[{}] = {{", type, name, values.size());
  size_t column = 100;
  for (const T value : values) {
    const std::string number = text_of(value) + ",";
    if (column + number.size() + 1 > 100) {
      text += "\n ";
      column = 1;
    }
    text += " " + number;
    column += number.size() + 1;
  }
  return text + "\n};\n";
}

/// Writes the call of one node after another. Every visit writes that of the node at hand.
class CWriter {
 public:
  explicit CWriter(const TrainedNetwork& network)
      : network_(network), shapes_(shapes(network.plan, network.input)) {
    program_.memory = plan_memory(network.plan, network.input);
  }

  CProgram write() && {
    for (index_ = 0; index_ < network_.plan.nodes.size(); ++index_) {
      const Node& node = this->node();
      if (index_ > 0) {
        program_.calls += fmt::format("  /* {}: {} */\n", node.name, to_text(node.layer));
      }
      std::visit(*this, node.layer);
    }
    const int64_t output = network_.plan.outputs.front();
    call("copy", value(output), "output", numbers_in(shapes_[at(output)]));
    return std::move(program_);
  }

  void operator()(const Input&) {}
  void operator()(const Convolution& layer) {
    const std::string window =
        fmt::format("(window){{{}, {}, {}, {}, {}, {}}}", layer.kernel.height, layer.kernel.width,
                    layer.stride, layer.padding.height, layer.padding.width, layer.dilation);
    const Tensor& weight = network_.weight(node(), "weight");
    const std::string bias = layer.bias ? constant("bias", learnt("bias")) : "0";
    if (is_depthwise(layer)) {
      return call("depthwise_convolution", in(), c_shape(from()), out(), c_shape(to()),
                  constant("weight", taps_then_channels(weight)), bias, window);
    }
    call("convolution", in(), c_shape(from()), out(), c_shape(to()),
         constant("weight", channels_last(weight)), bias, window, layer.groups);
  }
  void operator()(const BatchNorm&) {
    const ChannelScale change = channel_scale(network_, node());
    call("scale_shift", in(), c_shape(to()), out(), constant("scale", floats(change.scale)),
         constant("shift", floats(change.shift)));
  }
  void operator()(const Relu&) { each("relu"); }
  void operator()(const Activation& layer) { each(kernel_name(layer.kind)); }
  void operator()(const Gelu&) { each("gelu"); }
  void operator()(const MaxPool& layer) {
    call("max_pool", in(), c_shape(from()), out(), c_shape(to()), pool_window(layer));
  }
  void operator()(const AveragePool& layer) {
    call("average_pool", in(), c_shape(from()), out(), c_shape(to()), pool_window(layer));
  }
  void operator()(const GlobalAveragePool&) {
    call("global_average_pool", in(), c_shape(from()), out());
  }
  void operator()(const Linear& layer) {
    call("linear", in(), layer.in_features, out(), layer.out_features,
         constant("weight", columns_channels_last(network_.weight(node(), "weight"), from())),
         layer.bias ? constant("bias", learnt("bias")) : "0");
  }
  void operator()(const Identity&) { each("copy"); }
  void operator()(const DropPath&) { each("copy"); }
  void operator()(const Dropout&) { each("copy"); }
  void operator()(const Zero&) { call("zero", out(), numbers_in(to())); }
  void operator()(const Shift&) { call("drop_first", in(), c_shape(from()), out()); }
  void operator()(const Resize&) {
    call("resize", in(), c_shape(from()), out(), c_shape(to()),
         constant("rows", resize_matrix(from().height, to().height)),
         constant("columns", resize_matrix(from().width, to().width)));
  }
  void operator()(const Multiply&) {
    const Shape& second = shapes_[at(node().inputs[1])];
    if (second == from()) return call("multiply", in(), in(1), out(), numbers_in(to()));
    call("scale_channels", in(), c_shape(to()), out(), in(1));
  }
  /// The term that the sum is written over comes first.
  void operator()(const Add&) {
    std::vector<std::string> terms;
    for (size_t i = 0; i < node().inputs.size(); ++i) terms.push_back(in(i));
    const auto overwritten = std::find(terms.begin(), terms.end(), out());
    if (overwritten != terms.end()) std::iter_swap(terms.begin(), overwritten);
    call("add", terms[0], terms[1], out(), numbers_in(to()));
    for (size_t i = 2; i < terms.size(); ++i) {
      call("add", out(), terms[i], out(), numbers_in(to()));
    }
  }
  void operator()(const Concatenate&) {
    int64_t first = 0;
    for (size_t i = 0; i < node().inputs.size(); ++i) {
      const Shape& part = shapes_[at(node().inputs[i])];
      call("place_channels", in(i), c_shape(part), out(), to().channels, first);
      first += part.channels;
    }
  }
  void operator()(const LayerNorm&) {
    call("layer_norm", in(), c_shape(to()), out(), constant("weight", learnt("weight")),
         constant("bias", learnt("bias")));
  }
  void operator()(const PositionEmbedding&) {
    call("add", in(), constant("weight", channels_last(network_.weight(node(), "weight"))), out(),
         numbers_in(to()));
  }
  void operator()(const Attention& layer) {
    call("attention", in(), from().height * from().width, out(), layer.heads,
         layer.channels / layer.heads, place(program_.memory.scratch[index_]));
  }
  void operator()(const Mixed&) { weight_shapes(node().layer); }

 private:
  const Node& node() const { return network_.plan.nodes[index_]; }
  const Shape& from() const { return shapes_[at(node().inputs.front())]; }
  const Shape& to() const { return shapes_[index_]; }

  static std::string place(int64_t offset) { return fmt::format("arena + {}", offset); }
  std::string value(int64_t index) {
    if (index != PlanBuilder::kInput) return place(program_.memory.outputs[at(index)]);
    program_.reads_input = true;
    return "input";
  }
  std::string in(size_t position = 0) { return value(node().inputs[position]); }
  std::string out() const { return place(program_.memory.outputs[index_]); }

  const std::vector<float>& learnt(const char* part) const {
    return network_.weight(node(), part).values;
  }
  static std::vector<float> floats(const std::vector<double>& values) {
    return {values.begin(), values.end()};
  }

  std::string constant(const char* part, const std::vector<float>& values) {
    std::string name = fmt::format("n{}_{}", index_, part);
    program_.constants += fmt::format("/* {} */\n", node().name) + c_array(name, values);
    program_.constant_bytes += static_cast<int64_t>(values.size() * sizeof(float));
    return name;
  }

  /// A kernel that takes each number by itself.
  void each(const std::string& kernel) { call(kernel, in(), out(), numbers_in(to())); }

  template <class... Arguments>
  void call(const std::string& kernel, const Arguments&... arguments) {
    program_.kernels.insert(kernel);
    std::string text;
    ((text += fmt::format("{}{}", text.empty() ? "" : ", ", arguments)), ...);
    program_.calls += fmt::format("  {}({});\n", kernel, text);
  }

  const TrainedNetwork& network_;
  std::vector<Shape> shapes_;
  CProgram program_;
  size_t index_ = 0;
};

}  // namespace

CProgram c_program(const TrainedNetwork& network) { return CWriter(network).write(); }

std::string c_number_type(const CProgram& program) {
  return program.input_grid ? "int8_t" : "float";
}

int64_t arena_bytes(const CProgram& program, int64_t inputs) {
  // C has no empty arrays.
  if (!program.input_grid) return 4 * std::max<int64_t>(program.memory.size, 1);
  return program.memory.size + inputs;
}

std::string c_number(float value) {
  std::string text = fmt::format("{:.9g}", value);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text + "f";
}

std::string c_array(const std::string& name, const std::vector<float>& values) {
  return array_of("float", name, values, c_number);
}
std::string c_array(const std::string& name, const std::vector<int8_t>& values) {
  return array_of("int8_t", name, values, [](int8_t value) { return std::to_string(value); });
}
std::string c_array(const std::string& name, const std::vector<int32_t>& values) {
  return array_of("int32_t", name, values, [](int32_t value) { return std::to_string(value); });
}

}  // namespace nas
