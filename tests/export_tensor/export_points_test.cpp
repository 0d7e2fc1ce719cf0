#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/evaluate/network_outputs.hpp"
#include "nas/evaluate/torch_script.hpp"
#include "nas/export/export.hpp"
#include "nas/export/fold.hpp"
#include "nas/export/torch_script_source.hpp"
#include "nas/quantize/equalisation.hpp"
#include "nas/quantize/int8_export.hpp"
#include "nas/quantize/integer_run.hpp"
#include "nas/quantize/quantize.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/registry.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export_tensor/small_networks.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

constexpr int64_t kPointsInC = 3;  // of a space: compiling takes its time

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

/// 4 bits for every other layer.
WeightBits mixed_bits(const NetworkPlan& plan) {
  WeightBits bits;
  for (size_t i = 0; i < plan.nodes.size(); i += 2) bits[plan.nodes[i].name] = 4;
  return bits;
}

/// The same network in int8, where it has such a form, with ranges of random inputs.
std::optional<Int8Source> int8_of(const ExportSource& source, const WeightBits& bits = {}) {
  TrainedNetwork folded = with_folded_batch_norms(source.network);
  const std::vector<float> samples = test_inputs(folded.input, source.facts, 64).inputs;
  ValueLimits limits(folded.plan.nodes.size());
  observe_values(folded.plan, folded.weights, folded.input, samples,
                 [&](size_t node, std::span<const float> values) { limits.add(node, values); });
  std::vector<Grid> grids = value_grids(folded.plan, limits.ranges());
  Int8Source made{quantized(std::move(folded), std::move(grids), bits), source.facts,
                  source.vector};
  try {
    made.vector.outputs = integer_outputs(integer_network(made.network), source.vector.inputs);
  } catch (const UsageError&) {
    return std::nullopt;
  }
  return made;
}

void write_int8(const ExportSource& source, const std::filesystem::path& folder, bool c) {
  const auto made = int8_of(source);
  if (!made) return;
  write_int8_export(ExportFormat::onnx, *made, folder / "int8.onnx");
  if (c) write_int8_export(ExportFormat::c, *made, folder / "c_int8");
  const auto mixed = int8_of(source, mixed_bits(source.network.plan)).value();
  write_int8_export(ExportFormat::onnx, mixed, folder / "mixed_int8.onnx");
  if (c) write_int8_export(ExportFormat::c, mixed, folder / "mixed_c_int8");
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
      write_int8(source, point, i < kPointsInC);
      if (i < kPointsInC) write_export(ExportFormat::c, source, point / "c");
    }
  }
  int64_t index = 0;
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const auto source = source_of(plan, input, static_cast<uint64_t>(index));
    const auto point = folder / "layers" / std::to_string(index++);
    write_all(source, point);
    write_int8(source, point, true);
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

TEST_CASE("Equalising layers leaves what a network computes", "[export]") {
  int64_t changed = 0;
  const auto check = [&](const NetworkPlan& plan, const Shape& input) {
    const ExportSource source = source_of(plan, input, 3);
    TrainedNetwork network = with_folded_batch_norms(source.network);
    const Weights before = network.weights;
    equalize(network);
    for (const auto& [name, tensor] : before) {
      changed += network.weights.at(name).values != tensor.values ? 1 : 0;
    }
    const auto outputs =
        network_outputs(network.plan, network.weights, input, source.vector.inputs);
    for (size_t i = 0; i < outputs.size(); ++i) {
      REQUIRE(outputs[i] == Approx(source.vector.outputs[i]).margin(1e-5).epsilon(1e-4));
    }
  };
  for (const auto& [plan, input] : networks_of_every_layer()) check(plan, input);
  for (const char* kind : {"nas_bench_201", "mobilenet", "resnet", "enas_macro", "mlp"}) {
    const auto space = small_space(kind);
    RandomStream random(7, "export points", 1);
    check(*space->network(sample(space->choices(), random)), space->task().input);
  }
  CHECK(changed > 20);
}

TEST_CASE("A network in int8 gives nearly what it gives in float32", "[export]") {
  int64_t done = 0;
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const ExportSource source = source_of(plan, input, 5);
    const auto made = int8_of(source);
    if (!made) continue;
    ++done;
    double error = 0;
    double size = 0;
    for (size_t i = 0; i < source.vector.outputs.size(); ++i) {
      error += std::pow(made->vector.outputs[i] - source.vector.outputs[i], 2);
      size += std::pow(source.vector.outputs[i], 2);
    }
    INFO(source.network.plan.nodes[1].name);
    CHECK(error < 0.01 * size + 1e-6);
  }
  CHECK(done > 20);
}

}  // namespace nas
