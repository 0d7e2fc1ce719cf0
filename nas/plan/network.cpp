#include "nas/plan/network.hpp"

#include <fmt/core.h>

#include <charconv>

#include "nas/core/error.hpp"

namespace nas {
namespace {

/// (size + 2 padding - dilation (kernel - 1) - 1) / stride + 1, as in PyTorch; 0 where no window
/// fits.
int64_t window_output(int64_t size, int64_t kernel, int64_t stride, int64_t padding,
                      int64_t dilation) {
  const int64_t room = size + 2 * padding - dilation * (kernel - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

/// The output shape of one node. Visited with all inputs' shapes at hand.
class ShapeOf {
 public:
  ShapeOf(const Node& node, const std::vector<Shape>& inputs, const Shape& network_input)
      : node_(node), inputs_(inputs), network_input_(network_input) {}

  Shape operator()(const Input&) const { return network_input_; }
  Shape operator()(const Convolution& layer) const {
    expect_channels(layer.in_channels);
    return positive({layer.out_channels,
                     window_output(only().height, layer.kernel.height, layer.stride,
                                   layer.padding.height, layer.dilation),
                     window_output(only().width, layer.kernel.width, layer.stride,
                                   layer.padding.width, layer.dilation)});
  }
  Shape operator()(const BatchNorm& layer) const {
    expect_channels(layer.channels);
    return only();
  }
  Shape operator()(const Relu&) const { return only(); }
  Shape operator()(const Activation&) const { return only(); }
  Shape operator()(const MaxPool& layer) const { return pooled(layer); }
  Shape operator()(const AveragePool& layer) const { return pooled(layer); }
  Shape operator()(const GlobalAveragePool&) const { return {only().channels, 1, 1}; }
  Shape operator()(const Linear& layer) const {
    const Shape& in = only();
    const int64_t features = in.channels * in.height * in.width;
    if (features != layer.in_features) {
      fail(fmt::format("{} features, expected {}", features, layer.in_features));
    }
    return {layer.out_features, 1, 1};
  }
  Shape operator()(const Identity&) const { return only(); }
  Shape operator()(const Zero& layer) const {
    const Shape& in = only();
    return {in.channels, (in.height - 1) / layer.stride + 1, (in.width - 1) / layer.stride + 1};
  }
  Shape operator()(const Shift&) const {
    return positive({only().channels, only().height - 1, only().width - 1});
  }
  Shape operator()(const Resize& layer) const {
    return {only().channels, layer.height, layer.width};
  }
  Shape operator()(const Multiply&) const {
    if (inputs_.size() != 2) fail(fmt::format("{} inputs, expected 2", inputs_.size()));
    if (inputs_[1] != Shape{only().channels, 1, 1}) expect_same(inputs_[1]);
    return only();
  }
  Shape operator()(const Add&) const {
    for (const Shape& shape : inputs_) expect_same(shape);
    return inputs_.front();
  }
  Shape operator()(const Concatenate&) const {
    Shape sum = inputs_.front();
    sum.channels = 0;
    for (const Shape& shape : inputs_) {
      expect_same({inputs_.front().channels, shape.height, shape.width});
      sum.channels += shape.channels;
    }
    return sum;
  }
  Shape operator()(const DropPath&) const { return only(); }
  Shape operator()(const Dropout&) const { return only(); }
  Shape operator()(const LayerNorm& layer) const {
    expect_channels(layer.channels);
    return only();
  }
  Shape operator()(const Gelu&) const { return only(); }
  Shape operator()(const PositionEmbedding& layer) const {
    const Shape expected{layer.channels, layer.height, layer.width};
    if (only() != expected) {
      fail(fmt::format("an input of {}, expected {}", to_text(only()), to_text(expected)));
    }
    return only();
  }
  Shape operator()(const Attention& layer) const {
    expect_channels(3 * layer.channels);
    if (layer.heads < 1 || layer.channels % layer.heads != 0) {
      fail(fmt::format("{} channels in {} heads", layer.channels, layer.heads));
    }
    return {layer.channels, only().height, only().width};
  }
  Shape operator()(const Mixed& layer) const {
    Shape in = only();
    in.channels /= layer.part;
    Shape first;
    for (size_t i = 0; i < layer.options.size(); ++i) {
      const NetworkPlan& option = layer.options[i];
      const Shape shape = shapes(option, in)[static_cast<size_t>(option.outputs.front())];
      if (i == 0) first = shape;
      if (shape != first)
        fail(fmt::format("options of shapes {} and {}", to_text(first), to_text(shape)));
    }
    first.channels += only().channels - in.channels;
    return first;
  }

 private:
  [[noreturn]] void fail(const std::string& found) const {
    throw InputError(fmt::format("network node {}: found {}", node_.name, found));
  }
  const Shape& only() const { return inputs_.front(); }
  void expect_channels(int64_t channels) const {
    if (only().channels != channels) {
      fail(fmt::format("{} channels, expected {}", only().channels, channels));
    }
  }
  void expect_same(const Shape& shape) const {
    if (shape != inputs_.front()) {
      fail(fmt::format("inputs of shapes {} and {}", to_text(inputs_.front()), to_text(shape)));
    }
  }
  Shape positive(Shape shape) const {
    if (shape.height < 1 || shape.width < 1) {
      fail(fmt::format("a feature map of {}x{}, too small for this layer", only().height,
                       only().width));
    }
    return shape;
  }
  template <class Pool>
  Shape pooled(const Pool& layer) const {
    const Shape& in = only();
    return positive({in.channels,
                     window_output(in.height, layer.kernel, layer.stride, layer.padding, 1),
                     window_output(in.width, layer.kernel, layer.stride, layer.padding, 1)});
  }

  const Node& node_;
  const std::vector<Shape>& inputs_;
  const Shape& network_input_;
};

}  // namespace

Shape shape_from_text(std::string_view text) {
  std::vector<int64_t> sizes;
  std::string_view rest = text;
  while (true) {
    const size_t end = rest.find('x');
    const std::string_view part = rest.substr(0, end);
    int64_t size = 0;
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), size);
    if (error != std::errc() || stop != part.data() + part.size() || size < 1 || size > 1 << 20) {
      sizes.clear();
      break;
    }
    sizes.push_back(size);
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  if (sizes.size() == 1) return {sizes[0], 1, 1};
  if (sizes.size() == 3) return {sizes[0], sizes[1], sizes[2]};
  throw InputError(fmt::format("input shape: found '{}', expected CHANNELSxHEIGHTxWIDTH", text));
}

std::string to_text(const Shape& shape) {
  return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width);
}

PlanBuilder::PlanBuilder() { plan_.nodes.push_back({Input{}, {}, "input"}); }

int64_t PlanBuilder::add(Layer layer, std::vector<int64_t> inputs, std::string name) {
  plan_.nodes.push_back({std::move(layer), std::move(inputs), std::move(name)});
  return static_cast<int64_t>(plan_.nodes.size()) - 1;
}

int64_t PlanBuilder::splice(const NetworkPlan& part, int64_t input, std::string_view prefix) {
  const auto offset = static_cast<int64_t>(plan_.nodes.size()) - 1;
  const auto moved = [&](int64_t index) { return index == kInput ? input : index + offset; };
  for (size_t i = 1; i < part.nodes.size(); ++i) {
    Node node = part.nodes[i];
    for (int64_t& index : node.inputs) index = moved(index);
    node.name = fmt::format("{}.{}", prefix, node.name);
    plan_.nodes.push_back(std::move(node));
  }
  return moved(part.outputs.front());
}

NetworkPlan PlanBuilder::finish(std::vector<int64_t> outputs) && {
  plan_.outputs = std::move(outputs);
  return std::move(plan_);
}

std::vector<Shape> shapes(const NetworkPlan& plan, const Shape& input) {
  std::vector<Shape> result;
  result.reserve(plan.nodes.size());
  std::vector<Shape> inputs;
  for (const Node& node : plan.nodes) {
    inputs.clear();
    for (const int64_t index : node.inputs) inputs.push_back(result[static_cast<size_t>(index)]);
    result.push_back(std::visit(ShapeOf(node, inputs, input), node.layer));
  }
  return result;
}

}  // namespace nas
