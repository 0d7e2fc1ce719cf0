#include <unistd.h>

#include <iostream>

#include "nas/config/scalar.hpp"
#include "nas/config/yaml_parser.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"
#include "nas/hardware/device_meter.hpp"
#include "nas/hardware/measure_table.hpp"
#include "nas/hardware/space_layers.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/device.hpp"
#include "tools/assemble.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/bench/tensor_benchmarks.hpp"
#include "tools/measuring.hpp"

namespace nas {
namespace {

constexpr uint64_t kNetworks = 10;  // that predictions are compared on

const ConfigNode* find_node(const ConfigNode* node, std::string_view path) {
  while (node != nullptr && !path.empty()) {
    const size_t dot = path.find('.');
    node = node->find(path.substr(0, dot));
    path = dot == path.npos ? std::string_view() : path.substr(dot + 1);
  }
  return node;
}

/// The configuration without the tables that it names: the one being made need not be there yet.
Experiment read_without_tables(const BenchRequest& request, const TensorParts& parts) {
  std::vector<std::string> overrides = request.settings;
  const ConfigNode root = parse_yaml(read_file(request.config), request.config.string());
  if (find_node(&root, "hardware.table") != nullptr) overrides.emplace_back("hardware.table=''");
  if (find_node(&root, "controller.cost.table") != nullptr) {
    overrides.emplace_back("controller.cost.table=''");
    overrides.emplace_back("controller.cost.of=multiply_adds");
  }
  return read_experiment(request.config, overrides, parts);
}

/// Layers of the supernets that the experiment's searcher trains.
std::vector<TimedLayer> supernet_layers(const Experiment& experiment, const Space& space) {
  if (!experiment.trains_supernet) return {};
  const ConfigNode root = parse_yaml(experiment.resolved, "resolved configuration");
  const auto whole = [](const ConfigNode* node, int64_t otherwise) {
    return node == nullptr ? otherwise : parse_integer(node->text).value_or(otherwise);
  };
  std::vector<int64_t> depths;
  if (const ConfigNode* stages = find_node(&root, "controller.stages")) {
    for (const auto& stage : stages->items) depths.push_back(whole(stage.find("cells"), 0));
  }
  if (depths.empty()) depths.push_back(0);
  const int64_t part = whole(find_node(&root, "controller.partial_channels"), 1);
  std::vector<TimedLayer> layers;
  for (const int64_t cells : depths) {
    auto plan = cells > 0 ? space.supernet_of(cells) : space.supernet();
    if (!plan) continue;
    plan = with_partial_channels(*std::move(plan), space.task().input, part);
    for (auto& layer : timed_layers(plan->network, space.task().input)) {
      layers.push_back(std::move(layer));
    }
  }
  return layers;
}

/// How well the table predicts whole networks: predicted over measured latency of random points.
Json compare(const LatencyTable& table, const Space& space, const HardwareConfig& hardware) {
  const auto meter = make_device_meter(hardware, {"latency"});
  std::vector<double> ratios;
  for (uint64_t i = 0; i < kNetworks; ++i) {
    RandomStream random(0, "bench.latency_table", i);
    const auto plan = space.network(sample(space.choices(), random));
    const Outcome outcome = meter->measure(*plan, space.task().input);
    const auto* score = std::get_if<Score>(&outcome);
    if (score == nullptr) continue;
    ratios.push_back(table.predict(*plan, space.task().input) / score->metrics.at("latency"));
  }
  return {{"networks", ratios.size()},
          {"ratio", median(ratios)},
          {"spread", {quantile(ratios, 0.25), quantile(ratios, 0.75)}}};
}

void show_progress(size_t done, size_t total) {
  if (::isatty(STDERR_FILENO) == 0) return;
  std::cerr << "\rlayers " << done << "/" << total << (done == total ? "\n" : "") << std::flush;
}

}  // namespace

Json bench_latency_table(const BenchRequest& request, const Program& program) {
  if (request.config.empty() || request.target.empty()) {
    throw UsageError("latency-table: give CONFIG.yaml and --to FILE.json");
  }
  const Experiment experiment = read_without_tables(request, program.parts);
  const HardwareConfig hardware = hardware_of(experiment.config);
  configure_torch({hardware.threads, experiment.config.execution.deterministic});
  const auto device = select_device(hardware.device);
  const auto space = experiment.make_space();
  auto layers = layers_of(*space);
  if (layers.empty()) throw UsageError("latency-table: this space describes no networks");
  for (auto& layer : supernet_layers(experiment, *space)) layers.push_back(std::move(layer));
  LatencyTable table = measure_table(hardware, layers, show_progress);
  table.file = request.target.string();
  table.device = describe_device(device);
  table.versions = program_versions(table.device);
  write_file_atomically(request.target, to_json(table).dump(1) + "\n");
  BenchResult result{"latency-table", Json::object(), {}, "seconds a layer", table.device, 0};
  result.settings = {{"config", request.config.string()},
                     {"batch_size", hardware.batch_size},
                     {"threads", hardware.threads},
                     {"warmup", hardware.warmup},
                     {"runs", hardware.runs}};
  for (const auto& [key, seconds] : table.entries) result.samples.push_back(seconds);
  result.more = {{"file", table.file},
                 {"entries", table.entries.size()},
                 {"overhead", table.overhead},
                 {"prediction", compare(table, *space, hardware)}};
  result.peak_memory = peak_memory_of(device);
  return to_json(result);
}

}  // namespace nas
