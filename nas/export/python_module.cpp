#include "nas/export/python_module.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "nas/core/json.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/export/fold.hpp"
#include "nas/export/python_text.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

const char* truth(bool value) { return value ? "True" : "False"; }

/// Its name in torch.nn.functional.
const char* function_of(Activation::Kind kind) {
  switch (kind) {
    case Activation::Kind::relu6:
      return "relu6";
    case Activation::Kind::swish:
      return "silu";
    case Activation::Kind::hard_swish:
      return "hardswish";
    case Activation::Kind::sigmoid:
      return "sigmoid";
    case Activation::Kind::hard_sigmoid:
      return "hardsigmoid";
  }
  return "";
}

/// Writes the two lists of a module: what it holds and what it computes, node after node.
class PythonWriter {
 public:
  explicit PythonWriter(const TrainedNetwork& network)
      : network_(network), flat_(flat_nodes(network.plan)) {
    for (index_ = 0; index_ < network.plan.nodes.size(); ++index_) {
      std::visit(*this, node().layer);
    }
    compute_ += fmt::format("        return {}\n", value(network.plan.outputs.front()));
  }

  const std::string& layers() const { return layers_; }
  const std::string& compute() const { return compute_; }
  const std::set<std::string>& helpers() const { return helpers_; }

  void operator()(const Input&) {}
  void operator()(const Convolution& layer) {
    hold(
        fmt::format("nn.Conv2d({}, {}, ({}, {}), stride={}, padding=({}, {}), dilation={}, "
                    "groups={}, bias={})",
                    layer.in_channels, layer.out_channels, layer.kernel.height, layer.kernel.width,
                    layer.stride, layer.padding.height, layer.padding.width, layer.dilation,
                    layer.groups, truth(layer.bias)));
  }
  void operator()(const BatchNorm& layer) {
    hold(fmt::format("nn.BatchNorm{}d({}, eps={}, affine={})", flat_[index_] != 0 ? 1 : 2,
                     layer.channels, kNormEpsilon, truth(layer.affine)));
  }
  void operator()(const Linear& layer) {
    hold(fmt::format("nn.Linear({}, {}, bias={})", layer.in_features, layer.out_features,
                     truth(layer.bias)),
         ".flatten(1)");
  }
  void operator()(const LayerNorm& layer) {
    helpers_.insert("ChannelNorm");
    hold(fmt::format("ChannelNorm({}, eps={})", layer.channels, kNormEpsilon));
  }
  void operator()(const PositionEmbedding& layer) {
    helpers_.insert("PositionEmbedding");
    hold(fmt::format("PositionEmbedding({}, {}, {})", layer.channels, layer.height, layer.width));
  }
  void operator()(const Relu&) { give("F.relu({})", in()); }
  void operator()(const Activation& layer) { give("F.{}({})", function_of(layer.kind), in()); }
  void operator()(const Gelu&) { give("F.gelu({})", in()); }
  void operator()(const MaxPool& layer) {
    give("F.max_pool2d({}, {}, {}, {})", in(), layer.kernel, layer.stride, layer.padding);
  }
  void operator()(const AveragePool& layer) {
    give("F.avg_pool2d({}, {}, {}, {}, count_include_pad=False)", in(), layer.kernel, layer.stride,
         layer.padding);
  }
  void operator()(const GlobalAveragePool&) { give("{}.mean((2, 3), keepdim=True)", in()); }
  void operator()(const Identity&) { give("{}", in()); }
  void operator()(const DropPath&) { give("{}", in()); }
  void operator()(const Dropout&) { give("{}", in()); }
  void operator()(const Zero& layer) {
    give("torch.zeros_like({0}[:, :, ::{1}, ::{1}])", in(), layer.stride);
  }
  void operator()(const Shift&) { give("{}[:, :, 1:, 1:]", in()); }
  void operator()(const Resize& layer) {
    give("F.interpolate({}, ({}, {}), mode=\"bilinear\", align_corners=False, antialias=True)",
         in(), layer.height, layer.width);
  }
  void operator()(const Multiply&) { give("{} * {}", in(0), in(1)); }
  void operator()(const Add&) { give("{}", fmt::join(all_inputs(), " + ")); }
  void operator()(const Concatenate&) { give("torch.cat([{}], 1)", fmt::join(all_inputs(), ", ")); }
  void operator()(const Attention& layer) {
    helpers_.insert("attention");
    give("attention({}, {})", in(), layer.heads);
  }
  void operator()(const Mixed&) { weight_shapes(node().layer); }

 private:
  const Node& node() const { return network_.plan.nodes[index_]; }

  /// A Python name, different for every node.
  std::string value(int64_t index) const {
    if (index == PlanBuilder::kInput) return "x";
    std::string name = network_.plan.nodes[at(index)].name;
    const auto special = [](char letter) {
      return std::isalnum(static_cast<unsigned char>(letter)) == 0;
    };
    std::replace_if(name.begin(), name.end(), special, '_');
    return fmt::format("n{}_{}", index, name);
  }
  std::string in(size_t position = 0) const { return value(node().inputs[position]); }
  std::vector<std::string> all_inputs() const {
    std::vector<std::string> inputs;
    for (const int64_t input : node().inputs) inputs.push_back(value(input));
    return inputs;
  }

  /// A layer with weights of its own.
  void hold(const std::string& layer, const char* before = "") {
    layers_ += fmt::format("        self.hold({}, {})\n", python_string(node().name), layer);
    give("self.get_submodule({})({}{})", python_string(node().name), in(), before);
  }
  template <class... Arguments>
  void give(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    compute_ += fmt::format("        {} = {}\n", value(static_cast<int64_t>(index_)),
                            fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  const TrainedNetwork& network_;
  std::vector<char> flat_;
  std::set<std::string> helpers_;
  std::string layers_;
  std::string compute_;
  size_t index_ = 0;
};

}  // namespace

std::string python_module(const TrainedNetwork& network, const NetworkFacts& facts,
                          const std::string& weights_file) {
  const PythonWriter writer(network);
  const Shape& input = network.input;
  const std::string shape = fmt::format("({}, {}, {})", input.channels, input.height, input.width);
  return python_prologue(facts, shape, writer.helpers()) + writer.layers() +
         "\n    def forward(self, x):\n" + writer.compute() + python_epilogue(weights_file);
}

std::string encode_weights(const TrainedNetwork& network, const NetworkFacts& facts) {
  std::vector<NamedArray> arrays;
  for (const auto& [name, tensor] : network.weights) {
    const void* start = tensor.values.data();
    arrays.push_back({name,
                      ArrayType::float32,
                      tensor.shape,
                      {static_cast<const char*>(start), tensor.values.size() * sizeof(float)}});
  }
  Json metadata = Json::object();
  for (const auto& [name, text] : metadata_of(facts)) metadata[name] = text;
  return encode_safetensors(arrays, metadata);
}

}  // namespace nas
