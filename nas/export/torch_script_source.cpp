#include "nas/export/torch_script_source.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cmath>
#include <iterator>

#include "nas/core/error.hpp"
#include "nas/export/fold.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Writes one statement a node. Every visit gives the expression of the node at hand.
class ScriptWriter {
 public:
  explicit ScriptWriter(const TrainedNetwork& network)
      : network_(network), shapes_(shapes(network.plan, network.input)) {
    for (const auto& [name, weight] : network.weights) {
      attributes_.emplace(name, script_attribute(network, name));
    }
  }

  std::string write() {
    std::string text = "def forward(self, x):\n";
    for (index_ = 1; index_ < network_.plan.nodes.size(); ++index_) {
      text += fmt::format("    v{} = {}\n", index_, std::visit(*this, node().layer));
    }
    return text + fmt::format("    return {}\n", value(network_.plan.outputs.front()));
  }

  std::string operator()(const Input&) const { return "x"; }
  std::string operator()(const Convolution& layer) const {
    return fmt::format("torch.conv2d({}, {}, {}, [{}, {}], [{}, {}], [{}, {}], {})", in(),
                       own("weight"), own("bias"), layer.stride, layer.stride, layer.padding.height,
                       layer.padding.width, layer.dilation, layer.dilation, layer.groups);
  }
  std::string operator()(const BatchNorm&) const {
    return fmt::format("torch.batch_norm({}, {}, {}, {}, {}, False, 0.1, {}, False)", in(),
                       own("weight"), own("bias"), own("running_mean"), own("running_var"),
                       kNormEpsilon);
  }
  std::string operator()(const Relu&) const { return fmt::format("torch.relu({})", in()); }
  std::string operator()(const Activation& layer) const {
    switch (layer.kind) {
      case Activation::Kind::relu6:
        return fmt::format("torch.hardtanh({}, 0., 6.)", in());
      case Activation::Kind::swish:
        return fmt::format("torch.silu({})", in());
      case Activation::Kind::hard_swish:
        return fmt::format("torch.hardswish({})", in());
      case Activation::Kind::sigmoid:
        return fmt::format("torch.sigmoid({})", in());
      case Activation::Kind::hard_sigmoid:
        return fmt::format("torch.hardsigmoid({})", in());
    }
    throw RunError("an activation of no known kind");
  }
  std::string operator()(const Gelu&) const { return fmt::format("torch.gelu({})", in()); }
  std::string operator()(const MaxPool& layer) const {
    return fmt::format("torch.max_pool2d({}, {})", in(), pool(layer));
  }
  std::string operator()(const AveragePool& layer) const {
    return fmt::format("torch.avg_pool2d({}, {}, False, False)", in(), pool(layer));
  }
  std::string operator()(const GlobalAveragePool&) const {
    return fmt::format("torch.mean({}, [2, 3], True)", in());
  }
  std::string operator()(const Linear&) const {
    return fmt::format("torch.linear(torch.flatten({}, 1), {}, {})", in(), own("weight"),
                       own("bias"));
  }
  std::string operator()(const Identity&) const { return in(); }
  std::string operator()(const DropPath&) const { return in(); }
  std::string operator()(const Dropout&) const { return in(); }
  std::string operator()(const Zero& layer) const {
    return fmt::format("torch.zeros_like({0}[:, :, ::{1}, ::{1}])", in(), layer.stride);
  }
  std::string operator()(const Shift&) const { return fmt::format("{}[:, :, 1:, 1:]", in()); }
  std::string operator()(const Resize& layer) const {
    return fmt::format("torch._upsample_bilinear2d_aa({}, [{}, {}], False)", in(), layer.height,
                       layer.width);
  }
  std::string operator()(const Multiply&) const { return fmt::format("{} * {}", in(0), in(1)); }
  std::string operator()(const Add&) const { return fmt::format("{}", fmt::join(ins(), " + ")); }
  std::string operator()(const Concatenate&) const {
    return fmt::format("torch.cat([{}], 1)", fmt::join(ins(), ", "));
  }
  std::string operator()(const LayerNorm& layer) const {
    return fmt::format(
        "torch.permute(torch.layer_norm(torch.permute({}, [0, 2, 3, 1]), [{}], {}, {}, {}), "
        "[0, 3, 1, 2])",
        in(), layer.channels, own("weight"), own("bias"), kNormEpsilon);
  }
  std::string operator()(const PositionEmbedding&) const {
    return fmt::format("{} + {}", in(), own("weight"));
  }
  /// Channels are [heads, 3, size].
  std::string operator()(const Attention& layer) const {
    const int64_t size = layer.channels / layer.heads;
    const Shape& from = shapes_[at(node().inputs.front())];
    const auto part = [&](int number) {
      return fmt::format(
          "torch.select(torch.reshape({0}, [torch.size({0}, 0), {1}, 3, {2}, {3}]), "
          "2, {4})",
          in(), layer.heads, size, from.height * from.width, number);
    };
    const std::string weights =
        fmt::format("torch.softmax(torch.matmul(torch.transpose({}, 2, 3) * {:.17g}, {}), -1)",
                    part(0), 1 / std::sqrt(static_cast<double>(size)), part(1));
    return fmt::format(
        "torch.reshape(torch.matmul({}, torch.transpose({}, 2, 3)), [torch.size({}, 0), {}, {}, "
        "{}])",
        part(2), weights, in(), layer.channels, from.height, from.width);
  }
  std::string operator()(const Mixed& layer) const {
    weight_shapes(layer);
    return {};
  }

 private:
  const Node& node() const { return network_.plan.nodes[index_]; }
  static std::string value(int64_t index) {
    return index == PlanBuilder::kInput ? "x" : fmt::format("v{}", index);
  }
  std::string in(size_t position = 0) const { return value(node().inputs[position]); }
  std::vector<std::string> ins() const {
    std::vector<std::string> values;
    for (const int64_t input : node().inputs) values.push_back(value(input));
    return values;
  }
  /// The node's weight; None where it has none of the name.
  std::string own(const char* part) const {
    const auto found = attributes_.find(node().name + "." + part);
    return found == attributes_.end() ? "None" : "self." + found->second;
  }
  template <class Pool>
  static std::string pool(const Pool& layer) {
    return fmt::format("[{0}, {0}], [{1}, {1}], [{2}, {2}]", layer.kernel, layer.stride,
                       layer.padding);
  }

  const TrainedNetwork& network_;
  std::vector<Shape> shapes_;
  std::map<std::string, std::string> attributes_;
  size_t index_ = 0;
};

}  // namespace

std::string script_attribute(const TrainedNetwork& network, const std::string& weight) {
  return fmt::format("w{}", std::distance(network.weights.begin(), network.weights.find(weight)));
}

std::string torch_script_source(const TrainedNetwork& network) {
  return ScriptWriter(network).write();
}

}  // namespace nas
