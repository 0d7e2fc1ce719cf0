#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nas/config/yaml_reader.hpp"
#include "nas/export/test_vector.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/registry.hpp"
#include "tests/export/random_weights.hpp"

namespace nas {

/// Options that keep networks small; a new kind of space needs none where its defaults are small.
inline std::string small_options(std::string_view kind) {
  if (kind == "nas_bench_201") return ", channels: 4, cells_per_stage: 1";
  if (kind == "nats_size") return ", channels: 16, cells_per_stage: 1";
  if (kind == "nas_bench_macro") return ", channels: 4";
  if (kind == "darts") return ", channels: 4, cells: 4, auxiliary: true";
  if (kind == "nasnet") return ", channels: 4, cells: 4";
  if (kind == "robust_darts") return ", cells: 3, channels: 4";
  if (kind == "mobilenet") {
    return ", preset: mobilenet_v3, resolutions: [12, 16], stem: 8, first: 8, head: 32, features: "
           "32"
           ", stages: [{channels: 8, stride: 2, depth: 2, least_depth: 1, activation: relu6}"
           ", {channels: 16, depth: 2, least_depth: 1, squeeze_excite: true, activation: "
           "hard_swish}]";
  }
  if (kind == "enas_macro") return ", layers: 6, channels: 4";
  if (kind == "resnet") return ", channels: 8, stages: 2, depths: [1, 2]";
  if (kind == "vit") {
    return ", head_size: 4, embeddings: [8, 12], depths: [1, 2, 3], heads: [1, 2, 3]";
  }
  if (kind == "hierarchical") {
    return ", stages: 2, channels: [4, 8], cell_per: stage, cell: {type: nas_bench_201}";
  }
  if (kind == "product") {
    return ", parts: {arch: {type: nas_bench_201, channels: 4, cells_per_stage: 1}"
           ", params: {type: parameters, parameters: {a: {type: int, low: 1, high: 9}}}}";
  }
  if (kind == "parameters") return ", parameters: {a: {type: int, low: 1, high: 9}}";
  return "";
}

inline std::unique_ptr<Space> small_space(std::string_view kind) {
  Component<Space, TaskShape> space;
  read_config_text(
      "space: {type: " + std::string(kind) + small_options(kind) + "}", "test", {},
      [&](Section& section) { space = read_component(section, "space", "", space_registry()); });
  const int64_t side = kind == "darts" ? 32 : 16;  // an auxiliary head wants maps of 8x8
  return space.make({{3, side, side}, 10});
}

/// Random weights, with the running statistics that they have on random inputs.
inline Weights settled_weights(const NetworkPlan& plan, const Shape& input, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  Weights weights = random_weights(plan, seed);
  const auto network = build_network(plan, 0, torch::Device(torch::kCPU));
  NamedTensors state;
  for (auto& [name, weight] : weights) {
    state.emplace_back(name, torch::from_blob(weight.values.data(), weight.shape));
  }
  load_state(*network, state);
  network->set_batch_norm_momentum(1);
  std::vector<float> samples = test_inputs(input, {}, 16).inputs;
  network->forward(
      torch::from_blob(samples.data(), {16, input.channels, input.height, input.width}));
  for (const auto& [name, tensor] : state_of(*network)) {
    const torch::Tensor values = tensor.contiguous();
    weights[name].values.assign(values.const_data_ptr<float>(),
                                values.const_data_ptr<float>() + values.numel());
  }
  return weights;
}

}  // namespace nas
