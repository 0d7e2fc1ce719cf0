#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nas/config/yaml_reader.hpp"
#include "search_spaces/registry.hpp"

namespace nas::test {

/// Options that keep networks small; a new kind of space needs none where its defaults are small.
inline std::vector<std::string> small_options(std::string_view kind) {
  if (kind == "nas_bench_201") return {", channels: 4, cells_per_stage: 1"};
  if (kind == "nats_size") return {", channels: 16, cells_per_stage: 1"};
  if (kind == "nas_bench_macro") return {", channels: 4"};
  if (kind == "darts") return {", channels: 4, cells: 4, auxiliary: true"};
  if (kind == "nasnet") return {", channels: 4, cells: 4"};
  if (kind == "robust_darts") return {", cells: 3, channels: 4"};
  if (kind == "mobilenet") {
    return {
        ", preset: mobilenet_v3, resolutions: [12, 16], stem: 8, first: 8, head: 32, features: 32"
        ", stages: [{channels: 8, stride: 2, depth: 2, least_depth: 1, activation: relu6}"
        ", {channels: 16, depth: 2, least_depth: 1, squeeze_excite: true, activation: "
        "hard_swish}]"};
  }
  if (kind == "enas_macro") return {", layers: 6, channels: 4"};
  if (kind == "resnet") {
    return {", channels: 8, stages: 2, depths: [1, 2]",
            ", channels: 4, stages: 2, depths: [1, 2], block: bottleneck, stem: imagenet"};
  }
  if (kind == "vit") {
    return {", head_size: 4, embeddings: [8, 12], depths: [1, 2, 3], heads: [1, 2, 3]"};
  }
  if (kind == "mlp") return {", widths: [8, 16]"};
  if (kind == "conv1d") return {", stages: 2, channels: 4, widths: [4, 8], kernels: [3, 5]"};
  if (kind == "hierarchical") {
    return {", stages: 2, channels: [4, 8], cell_per: stage, cell: {type: nas_bench_201}"};
  }
  if (kind == "product") {
    return {
        ", parts: {arch: {type: nas_bench_201, channels: 4, cells_per_stage: 1}"
        ", params: {type: parameters, parameters: {a: {type: int, low: 1, high: 9}}}}"};
  }
  if (kind == "parameters") return {", parameters: {a: {type: int, low: 1, high: 9}}"};
  return {""};
}

/// Small spaces of every kind in the registry.
inline std::vector<std::unique_ptr<Space>> small_spaces() {
  std::vector<std::unique_ptr<Space>> spaces;
  for (const auto& row : space_registry()) {
    for (const std::string& options : small_options(row.name)) {
      Component<Space, TaskShape> component;
      read_config_text("space: {type: " + std::string(row.name) + options + "}", "test", {},
                       [&](Section& section) {
                         component = read_component(section, "space", "", space_registry());
                       });
      const int64_t side = row.name == "darts" ? 32 : 16;  // an auxiliary head wants maps of 8x8
      spaces.push_back(component.make({{3, side, side}, 10}));
    }
  }
  return spaces;
}

}  // namespace nas::test
