#include "nas/plan/pruned_network.hpp"

#include <variant>

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }
int64_t count(const std::vector<int64_t>& list) { return static_cast<int64_t>(list.size()); }

/// Makes the layers of the smaller plan, one after the other.
class Shrinking {
 public:
  Shrinking(const NetworkPlan& plan, const Shape& input, const ChannelCoupling& coupling,
            const KeptUnits& kept)
      : plan_(plan), shape_(shapes(plan, input)), coupling_(coupling), kept_(kept) {}

  PrunedNetwork shrunk() {
    PrunedNetwork result{plan_, {}};
    for (node_ = 0; node_ < plan_.nodes.size(); ++node_) {
      result.plan.nodes[node_].layer = std::visit(*this, plan_.nodes[node_].layer);
    }
    result.cuts = std::move(cuts_);
    return result;
  }

  Layer operator()(Convolution layer) {
    const auto outputs = kept_outputs();
    const auto inputs = kept_inputs();
    const int64_t in_each = layer.in_channels / layer.groups;
    cut("weight", 0, outputs, layer.out_channels);
    if (layer.bias) cut("bias", 0, outputs, layer.out_channels);
    if (in_each > 1 || layer.groups == 1) {
      // The same places are kept of each group: those of the first one say it all.
      std::vector<int64_t> places(inputs.begin(), inputs.begin() + count(inputs) / layer.groups);
      cut("weight", 1, places, in_each);
    } else {
      layer.groups = count(inputs);
    }
    layer.in_channels = count(inputs);
    layer.out_channels = count(outputs);
    return layer;
  }
  Layer operator()(Linear layer) {
    const int64_t each = layer.in_features / shape_[input()].channels;  // positions of a channel
    std::vector<int64_t> features;
    for (const int64_t channel : kept_inputs()) {
      for (int64_t i = 0; i < each; ++i) features.push_back(channel * each + i);
    }
    const auto outputs = kept_outputs();
    cut("weight", 0, outputs, layer.out_features);
    if (layer.bias) cut("bias", 0, outputs, layer.out_features);
    cut("weight", 1, features, layer.in_features);
    layer.in_features = count(features);
    layer.out_features = count(outputs);
    return layer;
  }
  Layer operator()(BatchNorm layer) {
    const auto channels = kept_outputs();
    for (const char* statistic : {"running_mean", "running_var"}) {
      cut(statistic, 0, channels, layer.channels);
    }
    if (layer.affine) {
      for (const char* weight : {"weight", "bias"}) cut(weight, 0, channels, layer.channels);
    }
    layer.channels = count(channels);
    return layer;
  }
  // Their channels are never removed.
  Layer operator()(const Input& layer) { return layer; }
  Layer operator()(const LayerNorm& layer) { return layer; }
  Layer operator()(const PositionEmbedding& layer) { return layer; }
  Layer operator()(const Attention& layer) { return layer; }
  Layer operator()(const Mixed& layer) { return layer; }
  // They know no number of channels.
  Layer operator()(const Relu& layer) { return layer; }
  Layer operator()(const Activation& layer) { return layer; }
  Layer operator()(const Gelu& layer) { return layer; }
  Layer operator()(const MaxPool& layer) { return layer; }
  Layer operator()(const AveragePool& layer) { return layer; }
  Layer operator()(const GlobalAveragePool& layer) { return layer; }
  Layer operator()(const Identity& layer) { return layer; }
  Layer operator()(const Zero& layer) { return layer; }
  Layer operator()(const Shift& layer) { return layer; }
  Layer operator()(const Resize& layer) { return layer; }
  Layer operator()(const Multiply& layer) { return layer; }
  Layer operator()(const Add& layer) { return layer; }
  Layer operator()(const Concatenate& layer) { return layer; }
  Layer operator()(const DropPath& layer) { return layer; }
  Layer operator()(const Dropout& layer) { return layer; }

 private:
  size_t input() const { return at(plan_.nodes[node_].inputs.front()); }
  std::vector<int64_t> kept_inputs() const {
    return kept_channels_of(coupling_, kept_, static_cast<int64_t>(input()));
  }
  std::vector<int64_t> kept_outputs() const {
    return kept_channels_of(coupling_, kept_, static_cast<int64_t>(node_));
  }
  void cut(const char* part, int64_t dim, const std::vector<int64_t>& kept, int64_t size) {
    if (count(kept) == size) return;
    cuts_.push_back({plan_.nodes[node_].name + "." + part, dim, kept});
  }

  const NetworkPlan& plan_;
  std::vector<Shape> shape_;
  const ChannelCoupling& coupling_;
  const KeptUnits& kept_;
  size_t node_ = 0;
  std::vector<WeightCut> cuts_;
};

}  // namespace

PrunedNetwork pruned_network(const NetworkPlan& plan, const Shape& input,
                             const ChannelCoupling& coupling, const KeptUnits& kept) {
  return Shrinking(plan, input, coupling, kept).shrunk();
}

}  // namespace nas
