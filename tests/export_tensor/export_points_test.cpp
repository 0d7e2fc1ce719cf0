#include <cstdlib>
#include <filesystem>
#include <string>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/file.hpp"
#include "nas/evaluate/network_outputs.hpp"
#include "nas/evaluate/torch_script.hpp"
#include "nas/export/export.hpp"
#include "nas/export/fold.hpp"
#include "nas/export/torch_script_source.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/registry.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

constexpr int64_t kPointsInC = 3;  // of a space: compiling takes its time

/// Options that keep networks small; a new kind of space needs none where its defaults are small.
std::string small_options(std::string_view kind) {
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

std::unique_ptr<Space> small_space(std::string_view kind) {
  Component<Space, TaskShape> space;
  read_config_text(
      "space: {type: " + std::string(kind) + small_options(kind) + "}", "test", {},
      [&](Section& section) { space = read_component(section, "space", "", space_registry()); });
  const int64_t side = kind == "darts" ? 32 : 16;  // an auxiliary head wants maps of 8x8
  return space.make({{3, side, side}, 10});
}

/// Random weights, with the running statistics that they have on random inputs.
Weights settled_weights(const NetworkPlan& plan, const Shape& input, uint64_t seed) {
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

ExportSource source_of(const NetworkPlan& plan, const Shape& input, uint64_t seed) {
  const Weights weights = settled_weights(plan, input, seed);
  NetworkFacts facts{{"zero", "\"one\"?\xc3\xbc*/"}, {0.4, 0.5, 0.6}, {0.2, 0.25, 0.3}, {}};
  facts.mean.resize(static_cast<size_t>(input.channels), 0.5);
  facts.deviation.resize(static_cast<size_t>(input.channels), 0.25);
  facts.provenance = {{"seed", std::to_string(seed)}};
  ExportSource source{inference_network(plan, input, weights),
                      facts,
                      test_inputs(input, facts, 3),
                      {&encode_torch_script, &torch_script_outputs}};
  source.vector.outputs = network_outputs(plan, weights, input, source.vector.inputs);
  facts.labels.resize(static_cast<size_t>(source.vector.classes()), "more");
  source.facts.labels = facts.labels;
  return source;
}

void write_all(const ExportSource& source, const std::filesystem::path& folder) {
  write_export(ExportFormat::onnx, source, folder / "network.onnx");
  write_export(ExportFormat::safetensors, source, folder / "network.safetensors");
  write_export(ExportFormat::torchscript, source, folder / "network.pt");
}

int64_t count_of(const char* variable, int64_t fallback) {
  const char* text = std::getenv(variable);
  return text == nullptr ? fallback : std::atoll(text);
}

}  // namespace

/// For tests/cli/test_export.py, which runs them: writes networks, with weights of random numbers,
/// into the folder that NAS_EXPORT_POINTS names, NAS_EXPORT_COUNT random points of every space.
TEST_CASE("Networks of every space and layer are exported", "[.export_points]") {
  const char* name = std::getenv("NAS_EXPORT_POINTS");
  REQUIRE(name != nullptr);
  const std::filesystem::path folder = name;
  const int64_t count = count_of("NAS_EXPORT_COUNT", 20);
  for (const auto& row : space_registry()) {
    const auto space = small_space(row.name);
    for (int64_t i = 0; i < count; ++i) {
      RandomStream random(7, "export points", static_cast<uint64_t>(i));
      const auto plan = space->network(sample(space->choices(), random));
      if (!plan) break;
      const auto source = source_of(*plan, space->task().input, static_cast<uint64_t>(i));
      const auto point = folder / std::string(row.name) / std::to_string(i);
      write_all(source, point);
      if (i < kPointsInC) write_export(ExportFormat::c, source, point / "c");
    }
  }
  int64_t index = 0;
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const auto source = source_of(plan, input, static_cast<uint64_t>(index));
    const auto point = folder / "layers" / std::to_string(index++);
    write_all(source, point);
    write_export(ExportFormat::c, source, point / "c");
  }
}

TEST_CASE("TorchScript gives what the network gives, for any batch", "[export]") {
  const Scratch scratch;
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const ExportSource source = source_of(plan, input, 4);
    INFO(torch_script_source(source.network));
    for (const auto& network : {source.network, with_folded_batch_norms(source.network)}) {
      write_file_atomically(scratch / "net.pt", encode_torch_script(network, source.facts));
      const auto outputs = torch_script_outputs(scratch / "net.pt", input, source.vector.inputs);
      REQUIRE(outputs.size() == source.vector.outputs.size());
      for (size_t i = 0; i < outputs.size(); ++i) {
        REQUIRE(outputs[i] == Approx(source.vector.outputs[i]).margin(1e-4));
      }
      const auto one = static_cast<int64_t>(source.vector.inputs.size()) / source.vector.samples;
      const std::vector<float> first(source.vector.inputs.begin(),
                                     source.vector.inputs.begin() + one);
      CHECK(torch_script_outputs(scratch / "net.pt", input, first).size() ==
            static_cast<size_t>(source.vector.classes()));
    }
  }
}

TEST_CASE("Folding batch norms leaves what a network computes", "[export]") {
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const ExportSource source = source_of(plan, input, 3);
    const TrainedNetwork folded = with_folded_batch_norms(source.network);
    const auto outputs = network_outputs(folded.plan, folded.weights, input, source.vector.inputs);
    REQUIRE(outputs.size() == source.vector.outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      REQUIRE(outputs[i] == Approx(source.vector.outputs[i]).margin(1e-4));
    }
  }
}

}  // namespace nas
