#include <fmt/core.h>
#include <fmt/ranges.h>

#include "nas/export/c_program.hpp"
#include "nas/export/layout.hpp"
#include "nas/plan/layer_text.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }
int64_t numbers_in(const Shape& shape) { return shape.channels * shape.height * shape.width; }

std::string shape_text(const Shape& shape) {
  return fmt::format("(shape){{{}, {}, {}}}", shape.height, shape.width, shape.channels);
}

template <class Pool>
std::string window_of(const Pool& layer) {
  return fmt::format("(window){{{0}, {0}, {1}, {2}, {2}, 1}}", layer.kernel, layer.stride,
                     layer.padding);
}

/// Writes the call of one node after another. Every visit writes that of the node at hand.
class Int8Writer {
 public:
  explicit Int8Writer(const IntegerNetwork& network) : network_(network) {
    program_.memory = network.memory;
    program_.input_grid = network.input_grid;
    program_.kernels.insert("q_quantize");
  }

  CProgram write() && {
    for (index_ = 0; index_ < network_.layers.size(); ++index_) {
      const Node& node = network_.plan.nodes[index_];
      if (index_ > 0) {
        program_.calls += fmt::format("  /* {}: {} */\n", node.name, to_text(node.layer));
      }
      std::visit(*this, network_.layers[index_]);
    }
    const auto output = at(network_.plan.outputs.front());
    if (!std::holds_alternative<IntegerScores>(network_.layers[output])) {
      const Grid& grid = network_.output_grid;
      call("q_dequantize", value(network_.plan.outputs.front()), "output",
           numbers_in(network_.shapes[output]), c_number(grid.scale), grid.zero);
    }
    return std::move(program_);
  }

  void operator()(const std::monostate&) {}
  void operator()(const IntegerConvolution& step) {
    const Convolution& layer = step.layer;
    const std::string window =
        fmt::format("(window){{{}, {}, {}, {}, {}, {}}}", layer.kernel.height, layer.kernel.width,
                    layer.stride, layer.padding.height, layer.padding.width, layer.dilation);
    const std::string weight = constant("weight", step.weight.bytes);
    const std::string bias = constant("bias", step.bias);
    const std::string mantissa = constant("mantissa", step.scaling.mantissas);
    const std::string shift = constant("shift", step.scaling.shifts);
    if (is_depthwise(layer)) {
      return call(kernel_for("q_depthwise_convolution", step.weight), in(), shape_text(from()),
                  out(), shape_text(to()), weight, bias, mantissa, shift, step.zero_in,
                  step.zero_out, window);
    }
    call(kernel_for("q_convolution", step.weight), in(), shape_text(from()), out(),
         shape_text(to()), weight, bias, mantissa, shift, step.zero_in, step.zero_out, window,
         layer.groups);
  }
  void operator()(const IntegerLinear& step) {
    call(kernel_for("q_linear", step.weight), in(), numbers_in(from()), out(), to().channels,
         constant("weight", step.weight.bytes), constant("bias", step.bias),
         constant("mantissa", step.scaling.mantissas), constant("shift", step.scaling.shifts),
         step.zero_in, step.zero_out);
  }
  void operator()(const IntegerScores& step) {
    call(kernel_for("q_scores", step.weight), in(), numbers_in(from()), "output", to().channels,
         constant("weight", step.weight.bytes), constant("bias", step.bias),
         constant("scale", step.scales), step.zero_in);
  }
  void operator()(const IntegerTable& step) {
    if (step.keeps_all() && in() == out()) return;
    call("q_table", in(), out(), numbers_in(to()), constant("table", entries(step)));
  }
  void operator()(const IntegerSum& step) {
    std::vector<std::string> terms;
    for (size_t i = 0; i < step.zeros.size(); ++i) terms.push_back(in(i));
    program_.kernels.insert("q_add");
    program_.calls += fmt::format(
        "  {{\n    const int8_t *const terms[] = {{{}}};\n    q_add(terms, {}, {}, {}, {}, {}, {}, "
        "{});\n  }}\n",
        fmt::join(terms, ", "), constant("zeros", step.zeros), constant("factors", step.factors),
        terms.size(), out(), numbers_in(to()), step.shift, step.zero);
  }
  void operator()(const IntegerMaxPool& step) {
    call("q_max_pool", in(), shape_text(from()), out(), shape_text(to()), window_of(step.layer));
  }
  void operator()(const IntegerAveragePool& step) {
    call("q_average_pool", in(), shape_text(from()), out(), shape_text(to()), window_of(step.layer),
         step.zero);
  }
  void operator()(const IntegerGlobalAveragePool& step) {
    call("q_global_average_pool", in(), shape_text(from()), out(), step.scaling.mantissas[0],
         static_cast<int>(step.scaling.shifts[0]), step.zero_in, step.zero_out);
  }
  void operator()(const IntegerConcatenation& step) {
    int64_t first = 0;
    for (size_t i = 0; i < step.tables.size(); ++i) {
      const Shape& part = network_.shapes[at(network_.plan.nodes[index_].inputs[i])];
      const std::string name = "table" + std::to_string(i);
      call("q_place_channels", in(i), shape_text(part), out(), to().channels, first,
           constant(name.c_str(), entries(step.tables[i])));
      first += part.channels;
    }
  }
  void operator()(const IntegerProduct& step) {
    call("q_multiply", in(), in(1), out(), numbers_in(to()),
         step.scales_channels ? to().channels : numbers_in(to()), step.scaling.mantissas[0],
         static_cast<int>(step.scaling.shifts[0]), step.zeros[0], step.zeros[1], step.zero_out);
  }
  void operator()(const IntegerFill& step) { call("q_fill", out(), numbers_in(to()), step.value); }
  void operator()(const IntegerShift&) { call("q_drop_first", in(), shape_text(from()), out()); }

 private:
  const Shape& from() const {
    return network_.shapes[at(network_.plan.nodes[index_].inputs.front())];
  }
  const Shape& to() const { return network_.shapes[index_]; }

  static std::string place(int64_t offset) { return fmt::format("arena + {}", offset); }
  std::string value(int64_t index) {
    if (index != PlanBuilder::kInput) return place(network_.memory.outputs[at(index)]);
    program_.reads_input = true;
    return place(network_.memory.size);
  }
  std::string in(size_t position = 0) {
    return value(network_.plan.nodes[index_].inputs[position]);
  }
  std::string out() const { return place(network_.memory.outputs[index_]); }

  static std::string kernel_for(const char* kernel, const PackedWeights& weights) {
    return weights.bits == kUsualBits ? kernel : fmt::format("{}_{}", kernel, weights.bits);
  }

  static std::vector<int8_t> entries(const IntegerTable& table) {
    return {table.results.begin(), table.results.end()};
  }

  template <class T>
  std::string constant(const char* part, const std::vector<T>& values) {
    std::string name = fmt::format("n{}_{}", index_, part);
    program_.constants += fmt::format("/* {} */\n", network_.plan.nodes[index_].name);
    program_.constants += c_array(name, values);
    program_.constant_bytes += static_cast<int64_t>(values.size() * sizeof(T));
    return name;
  }

  template <class... Arguments>
  void call(const std::string& kernel, const Arguments&... arguments) {
    program_.kernels.insert(kernel);
    std::string text;
    ((text += fmt::format("{}{}", text.empty() ? "" : ", ", arguments)), ...);
    program_.calls += fmt::format("  {}({});\n", kernel, text);
  }

  const IntegerNetwork& network_;
  CProgram program_;
  size_t index_ = 0;
};

}  // namespace

CProgram c_program(const IntegerNetwork& network) { return Int8Writer(network).write(); }

}  // namespace nas
