#include "nas/quantize/integer_run.hpp"

#include <algorithm>
#include <span>
#include <thread>

#include "nas/export/layout.hpp"
#include "nas/quantize/integer_kernels.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }
int numbers_in(const Shape& shape) {
  return static_cast<int>(shape.channels * shape.height * shape.width);
}

c::shape c_shape(const Shape& shape) {
  return {static_cast<int>(shape.height), static_cast<int>(shape.width),
          static_cast<int>(shape.channels)};
}
template <class Pool>
c::window window_of(const Pool& layer) {
  const auto kernel = static_cast<int>(layer.kernel);
  const auto padding = static_cast<int>(layer.padding);
  return {kernel, kernel, static_cast<int>(layer.stride), padding, padding, 1};
}

/// Runs one node after another on one sample. Every visit runs the node at hand.
class IntegerRun {
 public:
  explicit IntegerRun(const IntegerNetwork& network)
      : network_(network), arena_(at(network.memory.size + numbers_in(network.input))) {}

  /// `input` [H, W, C]; `output` [classes].
  void run(const float* input, float* output) {
    output_ = output;
    const Grid& grid = network_.input_grid;
    c::q_quantize(input, value(PlanBuilder::kInput), numbers_in(network_.input), grid.scale,
                  grid.zero);
    for (index_ = 0; index_ < network_.layers.size(); ++index_) {
      std::visit(*this, network_.layers[index_]);
    }
    const int64_t last = network_.plan.outputs.front();
    if (std::holds_alternative<IntegerScores>(network_.layers[at(last)])) return;
    c::q_dequantize(value(last), output, numbers_in(network_.shapes[at(last)]),
                    network_.output_grid.scale, network_.output_grid.zero);
  }

  void operator()(const std::monostate&) {}
  void operator()(const IntegerConvolution& step) {
    const Convolution& layer = step.layer;
    const c::window window{
        static_cast<int>(layer.kernel.height), static_cast<int>(layer.kernel.width),
        static_cast<int>(layer.stride),        static_cast<int>(layer.padding.height),
        static_cast<int>(layer.padding.width), static_cast<int>(layer.dilation)};
    const Scaling& scaling = step.scaling;
    const bool usual = step.weight.bits == kUsualBits;
    if (is_depthwise(layer)) {
      const auto run = usual ? c::q_depthwise_convolution : c::q_depthwise_convolution_4;
      return run(in(), from(), out(), to(), step.weight.bytes.data(), step.bias.data(),
                 scaling.mantissas.data(), scaling.shifts.data(), step.zero_in, step.zero_out,
                 window);
    }
    const auto run = usual ? c::q_convolution : c::q_convolution_4;
    run(in(), from(), out(), to(), step.weight.bytes.data(), step.bias.data(),
        scaling.mantissas.data(), scaling.shifts.data(), step.zero_in, step.zero_out, window,
        static_cast<int>(layer.groups));
  }
  void operator()(const IntegerLinear& step) {
    const auto run = step.weight.bits == kUsualBits ? c::q_linear : c::q_linear_4;
    run(in(), count_in(), out(), to().channels, step.weight.bytes.data(), step.bias.data(),
        step.scaling.mantissas.data(), step.scaling.shifts.data(), step.zero_in, step.zero_out);
  }
  void operator()(const IntegerScores& step) {
    const auto run = step.weight.bits == kUsualBits ? c::q_scores : c::q_scores_4;
    run(in(), count_in(), output_, to().channels, step.weight.bytes.data(), step.bias.data(),
        step.scales.data(), step.zero_in);
  }
  void operator()(const IntegerTable& step) {
    c::q_table(in(), out(), count(), step.results.data());
  }
  void operator()(const IntegerSum& step) {
    terms_.clear();
    for (size_t i = 0; i < step.zeros.size(); ++i) terms_.push_back(in(i));
    c::q_add(terms_.data(), step.zeros.data(), step.factors.data(), static_cast<int>(terms_.size()),
             out(), count(), step.shift, step.zero);
  }
  void operator()(const IntegerMaxPool& step) {
    c::q_max_pool(in(), from(), out(), to(), window_of(step.layer));
  }
  void operator()(const IntegerAveragePool& step) {
    c::q_average_pool(in(), from(), out(), to(), window_of(step.layer), step.zero);
  }
  void operator()(const IntegerGlobalAveragePool& step) {
    c::q_global_average_pool(in(), from(), out(), step.scaling.mantissas[0], step.scaling.shifts[0],
                             step.zero_in, step.zero_out);
  }
  void operator()(const IntegerConcatenation& step) {
    int first = 0;
    for (size_t i = 0; i < step.tables.size(); ++i) {
      const c::shape part = from(i);
      c::q_place_channels(in(i), part, out(), to().channels, first, step.tables[i].results.data());
      first += part.channels;
    }
  }
  void operator()(const IntegerProduct& step) {
    c::q_multiply(in(), in(1), out(), count(), step.scales_channels ? to().channels : count(),
                  step.scaling.mantissas[0], step.scaling.shifts[0], step.zeros[0], step.zeros[1],
                  step.zero_out);
  }
  void operator()(const IntegerFill& step) {
    c::q_fill(out(), count(), static_cast<int8_t>(step.value));
  }
  void operator()(const IntegerShift&) { c::q_drop_first(in(), from(), out()); }

 private:
  const Node& node() const { return network_.plan.nodes[index_]; }
  const Shape& shape_in(size_t position) const {
    return network_.shapes[at(node().inputs[position])];
  }
  c::shape from(size_t position = 0) const { return c_shape(shape_in(position)); }
  c::shape to() const { return c_shape(network_.shapes[index_]); }
  int count() const { return numbers_in(network_.shapes[index_]); }
  int count_in() const { return numbers_in(shape_in(0)); }

  int8_t* value(int64_t index) {
    const bool is_input = index == PlanBuilder::kInput;
    return arena_.data() + (is_input ? network_.memory.size : network_.memory.outputs[at(index)]);
  }
  int8_t* in(size_t position = 0) { return value(node().inputs[position]); }
  int8_t* out() { return value(static_cast<int64_t>(index_)); }

  const IntegerNetwork& network_;
  std::vector<int8_t> arena_;
  std::vector<const int8_t*> terms_;
  float* output_ = nullptr;
  size_t index_ = 0;
};

}  // namespace

std::vector<float> integer_outputs(const IntegerNetwork& network, const std::vector<float>& inputs,
                                   int64_t threads) {
  const Shape& input = network.input;
  const size_t size = at(numbers_in(input));
  const size_t samples = inputs.size() / size;
  const std::vector<float> values = channels_last(
      Tensor{{static_cast<int64_t>(samples), input.channels, input.height, input.width}, inputs});
  const auto classes =
      static_cast<size_t>(numbers_in(network.shapes[at(network.plan.outputs.front())]));
  std::vector<float> outputs(samples * classes);
  const auto run_part = [&](size_t first, size_t step) {
    IntegerRun run(network);
    for (size_t i = first; i < samples; i += step) {
      run.run(values.data() + i * size, outputs.data() + i * classes);
    }
  };
  std::vector<std::jthread> workers;
  const size_t step =
      std::clamp<size_t>(at(std::max<int64_t>(threads, 1)), 1, std::max<size_t>(samples, 1));
  for (size_t i = 1; i < step; ++i) workers.emplace_back(run_part, i, step);
  run_part(0, step);
  return outputs;
}

}  // namespace nas
