#include "nas/compress/quantization_training.hpp"

#include <map>

#include "nas/evaluate/values_tensor.hpp"
#include "nas/quantize/quantize.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

Weights weights_of(const NamedTensors& tensors) {
  Weights weights;
  for (const auto& [name, tensor] : tensors) {
    weights[name] = {tensor.sizes().vec(), values_of(tensor.detach().cpu())};
  }
  return weights;
}

/// The grids of a quantized network, each once.
class GridsInUse {
 public:
  explicit GridsInUse(const QuantizedNetwork& network)
      : network_(network), owners_(grid_owners(network.network.plan)) {
    for (size_t i = 0; i < owners_.size(); ++i) {
      setting_.grid_of_node.push_back(is_rounded(i) ? index_of(owners_[i]) : -1);
    }
    for (const auto& [node, layer] : network.layers) {
      const Node& own = network.network.plan.nodes[node];
      if (std::holds_alternative<BatchNorm>(own.layer)) continue;
      setting_.weights.push_back({own.name + ".weight", largest_of_bits(layer.bits)});
    }
  }

  const FakeQuantizationSetting& setting() const { return setting_; }

  /// By node, with these scales of setting().grids.
  std::vector<Grid> with_scales(const std::vector<double>& scales) const {
    std::vector<Grid> grids = network_.grids;
    for (size_t i = 0; i < grids.size(); ++i) {
      const auto found = indices_.find(owners_[i]);
      if (found == indices_.end()) continue;
      grids[i].scale = static_cast<float>(scales[static_cast<size_t>(found->second)]);
    }
    return grids;
  }

 private:
  /// Not what the grid's owner rounds itself, nor scores, which stay sums.
  bool is_rounded(size_t node) const {
    const NetworkPlan& plan = network_.network.plan;
    const Layer& layer = plan.nodes[node].layer;
    if (static_cast<int64_t>(node) == plan.outputs.front() &&
        std::holds_alternative<Linear>(layer)) {
      return false;
    }
    return owners_[node] == node || std::holds_alternative<AveragePool>(layer);
  }

  int64_t index_of(size_t owner) {
    const auto [found, added] =
        indices_.try_emplace(owner, static_cast<int64_t>(setting_.grids.size()));
    if (added) {
      const Grid& grid = network_.grids[owner];
      setting_.grids.emplace_back(grid.scale, grid.zero);
    }
    return found->second;
  }

  const QuantizedNetwork& network_;
  std::vector<size_t> owners_;
  std::map<size_t, int64_t> indices_;
  FakeQuantizationSetting setting_;
};

}  // namespace

TrainedQuantization train_quantized(const QuantizationTrainingSetting& setting, Monitor& monitor) {
  const GridsInUse grids(setting.start);
  TrainingSetting training{setting.config.training, setting.seed, setting.device, setting.identity};
  training.quantization = grids.setting();
  training.teacher = teacher_of(setting.config.distillation, setting.plan,
                                tensors_of(setting.weights), setting.device);
  NamedTensors start = tensors_of(setting.start.network.weights);
  start.push_back(unlearnt_scales(grids.setting()));
  NamedTensors trained =
      fine_tuned({training, setting.checkpoints, setting.data, setting.start.network.plan, start,
                  setting.folder, setting.warn},
                 monitor);
  const std::vector<double> scales = take_learnt_scales(grids.setting(), trained);
  return {weights_of(trained), grids.with_scales(scales)};
}

}  // namespace nas
