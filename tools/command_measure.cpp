#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/export/footprint.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/layer_text.hpp"
#include "tools/assemble.hpp"
#include "tools/named_space.hpp"
#include "tools/number_checks.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/set_option.hpp"

namespace nas {
namespace {

constexpr int64_t kMostClasses = 1'000'000;

struct Options {
  std::string space;
  std::string architecture;
  std::string file;
  std::string input = "3x32x32";
  int64_t classes = 10;
  std::vector<std::string> overrides;
  bool latency = false;
  bool layers = false;
  HardwareConfig hardware;
  bool json = false;
};

/// Adds what a device measures to the counts of each architecture.
void add_measurements(Json& measures, const Space& space, NetworkMeter& meter) {
  for (auto& item : measures) {
    const auto plan = space.network(space.parse(item["arch"].get<std::string>()));
    const Outcome outcome = meter.measure(*plan, space.task().input);
    if (const auto* failure = std::get_if<Failure>(&outcome)) {
      throw RunError(failure->kind + ": " + failure->reason);
    }
    for (const auto& [name, value] : std::get<Score>(outcome).metrics) item[name] = value;
  }
}

Json measure(const Space& space, const std::string& text) {
  const Point point = space.parse(text);
  const auto plan = space.network(point);
  if (!plan) throw UsageError(fmt::format("space {} describes no networks", space.name()));
  const Cost counted = cost(*plan, space.task().input);
  const Footprint size = footprint(*plan, space.task().input);
  return {{"arch", space.text(point)},
          {"parameters", counted.parameters},
          {"multiply_adds", counted.multiply_adds},
          {"peak_activations", counted.peak_activations},
          {"depth", counted.depth},
          {"flash", size.flash},
          {"ram", size.ram},
          {"hash", canonical_hash(space, point)}};
}

/// Adds the counts of single layers to those of each architecture.
void add_layers(Json& measures, const Space& space) {
  for (auto& item : measures) {
    const auto plan = space.network(space.parse(item["arch"].get<std::string>()));
    Json layers = Json::array();
    for (const NodeCost& cost : node_costs(*plan, space.task().input)) {
      const Node& node = plan->nodes[static_cast<size_t>(cost.node)];
      layers.push_back({{"name", node.name},
                        {"layer", to_text(node.layer)},
                        {"parameters", cost.parameters},
                        {"multiply_adds", cost.multiply_adds}});
    }
    item["layers"] = layers;
  }
}

/// Errors in a file name its line.
Json measure_file(const Space& space, const std::string& path) {
  std::istringstream file(read_file(path));
  Json results = Json::array();
  std::string line;
  for (int64_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    try {
      results.push_back(measure(space, line));
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}:{}: {}", path, number, error.what()));
    }
  }
  return results;
}

void print_layers(const Json& layers) {
  fmt::print("  {:>14} {:>14}  layer\n", "multiply_adds", "parameters");
  for (const auto& layer : layers) {
    fmt::print("  {:>14} {:>14}  {}: {}\n", layer["multiply_adds"].dump(),
               layer["parameters"].dump(), layer["name"].get<std::string>(),
               layer["layer"].get<std::string>());
  }
}

void print_measures(const Json& json) {
  for (const auto& item : json.is_array() ? json : Json::array({json})) {
    fmt::print("{}\n", item["arch"].get<std::string>());
    for (const auto& [name, value] : item.items()) {
      if (value.is_number()) fmt::print("  {:<18} {:>14}\n", name, value.dump());
    }
    if (item.contains("layers")) print_layers(item["layers"]);
  }
}

}  // namespace

void add_measure(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("measure", "Counts of architectures, without training");
  auto options = std::make_shared<Options>();
  options->hardware.device = "auto";
  command->add_option("SPACE", options->space, "the name of a space")->required();
  auto* text = command->add_option("--arch", options->architecture, "an architecture's text");
  auto* file = command->add_option("--arch-file", options->file, "a file, one architecture a line");
  text->excludes(file);
  command->add_option("--input", options->input, "shape of one example")->capture_default_str();
  command->add_option("--classes", options->classes, "number of classes")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kMostClasses));
  add_set_option(*command, options->overrides, "an option of the space: key=value");
  command->add_flag("--layers", options->layers,
                    "the counts of each layer that holds weights, too");
  command->add_flag("--latency", options->latency,
                    "measure latency (seconds) and peak memory (bytes) of a forward pass, too");
  command->add_option("--device", options->hardware.device, "cpu, cuda, cuda:N or auto")
      ->capture_default_str();
  command->add_option("--batch", options->hardware.batch_size, "examples of a measured pass")
      ->capture_default_str()
      ->check(positive_number());
  command->add_option("--runs", options->hardware.runs, "passes that the median is of")
      ->capture_default_str()
      ->check(positive_number());
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    if (options->latency && !program.parts.present()) become_tensor_program(program);
    if (options->architecture.empty() && options->file.empty()) {
      throw UsageError("measure: give --arch TEXT or --arch-file FILE");
    }
    const TaskShape task{shape_from_text(options->input), options->classes};
    const auto space = make_named_space(options->space, options->overrides, task);
    Json measures = options->file.empty() ? Json::array({measure(*space, options->architecture)})
                                          : measure_file(*space, options->file);
    if (options->layers) add_layers(measures, *space);
    if (options->latency) {
      add_measurements(measures, *space,
                       *program.parts.meter(options->hardware, {"latency", "peak_memory"}));
    }
    const Json json = options->file.empty() ? measures.front() : measures;
    options->json ? print_json(json) : print_measures(json);
  });
}

}  // namespace nas
