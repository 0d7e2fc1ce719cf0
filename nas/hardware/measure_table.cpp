#include "nas/hardware/measure_table.hpp"

#include <utility>

#include "nas/core/statistics.hpp"
#include "nas/hardware/forward_pass.hpp"
#include "nas/hardware/timing.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/layers.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Weights of one layer, on the device as a network has them.
class LoneWeights final : public WeightTable {
 public:
  explicit LoneWeights(torch::Device device) : device_(device) {}

  torch::Tensor parameter(const std::string&, const std::string&, const std::vector<int64_t>& shape,
                          const WeightInit&) override {
    return made(shape);
  }
  torch::Tensor buffer(const std::string&, const std::string&, const std::vector<int64_t>& shape,
                       const WeightInit&) override {
    return made(shape);
  }

 private:
  torch::Tensor made(const std::vector<int64_t>& shape) const {
    const torch::Tensor ones = torch::ones(shape, device_);
    return shape.size() == 4 ? ones.contiguous(torch::MemoryFormat::ChannelsLast) : ones;
  }

  torch::Device device_;
};

torch::Tensor batch_of(const Shape& shape, int64_t size, torch::Device device) {
  return torch::ones({size, shape.channels, shape.height, shape.width}, device)
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

double seconds_of(const TimedLayer& layer, const HardwareConfig& config, torch::Device device) {
  const torch::InferenceMode inference;
  LoneWeights weights(device);
  const auto function = make_layer_function(layer.layer, "layer", weights);
  std::vector<torch::Tensor> inputs;
  for (const Shape& shape : layer.inputs) {
    inputs.push_back(batch_of(shape, config.batch_size, device));
  }
  const Pass pass;
  return median(
      timed_runs({device, config.warmup, config.runs}, [&] { function->forward(inputs, pass); }));
}

double overhead_of(const Shape& input, const HardwareConfig& config, torch::Device device) {
  NetworkPlan nothing;
  nothing.nodes = {{Input{}, {}, "input"}, {Identity{}, {0}, "output"}};
  nothing.outputs = {1};
  const ForwardPass pass(nothing, input, config.batch_size, device);
  return median(timed_runs({device, config.warmup, config.runs}, pass));
}

}  // namespace

LatencyTable measure_table(const HardwareConfig& config, const std::vector<TimedLayer>& layers,
                           const std::function<void(size_t done, size_t total)>& progress) {
  const ThreadCount threads(config.threads);
  const torch::Device device = select_device(config.device);
  std::map<LatencyKey, const TimedLayer*> distinct;
  for (const auto& layer : layers) distinct.emplace(layer.key(), &layer);
  LatencyTable table;
  table.threads = config.threads;
  table.batch_size = config.batch_size;
  table.overhead = overhead_of({1, 1, 1}, config, device);
  size_t done = 0;
  for (const auto& [key, layer] : distinct) {
    table.entries.emplace(key, seconds_of(*layer, config, device));
    progress(++done, distinct.size());
  }
  return table;
}

}  // namespace nas
