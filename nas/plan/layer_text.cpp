#include "nas/plan/layer_text.hpp"

#include <fmt/core.h>

#include <variant>

#include "nas/plan/network.hpp"

namespace nas {
namespace {

template <class Pool>
std::string pool_text(const char* name, const Pool& layer) {
  return fmt::format("{}, kernel {}, stride {}, padding {}", name, layer.kernel, layer.stride,
                     layer.padding);
}

const char* name_of(Activation::Kind kind) {
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
  return "";
}

struct TextOf {
  std::string operator()(const Input&) const { return "input"; }
  std::string operator()(const Convolution& layer) const {
    return fmt::format(
        "convolution {} to {}, kernel {}x{}, stride {}, padding {}x{}, dilation {}, groups {}{}",
        layer.in_channels, layer.out_channels, layer.kernel.height, layer.kernel.width,
        layer.stride, layer.padding.height, layer.padding.width, layer.dilation, layer.groups,
        layer.bias ? ", bias" : "");
  }
  std::string operator()(const BatchNorm& layer) const {
    return fmt::format("batch_norm {}{}", layer.channels, layer.affine ? ", affine" : "");
  }
  std::string operator()(const Relu&) const { return "relu"; }
  std::string operator()(const Activation& layer) const { return name_of(layer.kind); }
  std::string operator()(const Gelu&) const { return "gelu"; }
  std::string operator()(const LayerNorm& layer) const {
    return fmt::format("layer_norm {}", layer.channels);
  }
  std::string operator()(const PositionEmbedding& layer) const {
    return fmt::format("position_embedding {}x{}x{}", layer.channels, layer.height, layer.width);
  }
  std::string operator()(const Attention& layer) const {
    return fmt::format("attention {}, heads {}", layer.channels, layer.heads);
  }
  std::string operator()(const MaxPool& layer) const { return pool_text("max_pool", layer); }
  std::string operator()(const AveragePool& layer) const {
    return pool_text("average_pool", layer);
  }
  std::string operator()(const GlobalAveragePool&) const { return "global_average_pool"; }
  std::string operator()(const Linear& layer) const {
    return fmt::format("linear {} to {}{}", layer.in_features, layer.out_features,
                       layer.bias ? ", bias" : "");
  }
  std::string operator()(const Identity&) const { return "identity"; }
  std::string operator()(const Zero& layer) const {
    return fmt::format("zero, stride {}", layer.stride);
  }
  std::string operator()(const Shift&) const { return "shift"; }
  std::string operator()(const Resize& layer) const {
    return fmt::format("resize to {}x{}", layer.height, layer.width);
  }
  std::string operator()(const Multiply&) const { return "multiply"; }
  std::string operator()(const Add&) const { return "add"; }
  std::string operator()(const Concatenate&) const { return "concatenate"; }
  std::string operator()(const DropPath&) const { return "drop_path"; }
  std::string operator()(const Dropout& layer) const {
    return fmt::format("dropout {}", layer.probability);
  }
  std::string operator()(const Mixed& layer) const {
    std::string text = fmt::format("mixed {}:{} of", layer.group, layer.row);
    for (const NetworkPlan& option : layer.options) {
      text += " (";
      for (const Node& node : option.nodes) text += to_text(node.layer) + "; ";
      text += ")";
    }
    return text + (layer.part > 1 ? fmt::format(", part {}", layer.part) : "");
  }
};

}  // namespace

std::string to_text(const Layer& layer) { return std::visit(TextOf(), layer); }

}  // namespace nas
