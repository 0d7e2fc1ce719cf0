#include <chrono>

#include "controllers/registry.hpp"
#include "nas/config/component.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/machine.hpp"
#include "nas/core/random.hpp"
#include "search_spaces/registry.hpp"
#include "tools/assemble.hpp"
#include "tools/bench/benchmark.hpp"

namespace nas {
namespace {

struct Options {
  std::string controller = "all";
  int64_t trials = 1000;
  int64_t repeats = 3;
  Component<Space, TaskShape> space;
};

using ControllerMaker = Maker<Controller, const SearchContext&>;

void describe(Section& section, Options& options) {
  section.text("controller", options.controller, "one of `nas list controllers`, or all");
  section.integer("trials", options.trials, {1, 1'000'000, "trials"}, "asked for and told");
  section.integer("repeats", options.repeats, {1, 1000, ""}, "searches, each of its own seed");
  options.space = read_component(section, "space", "what is chosen from", space_registry());
}

/// With default options.
ControllerMaker maker_of(std::string_view name, const Program& program) {
  Component<Controller, const SearchContext&> controller;
  const std::string text = "controller: {type: \"" + std::string(name) + "\"}";
  read_config_text(text, "controller", {}, [&](Section& section) {
    controller = read_component(section, "controller", "what picks the candidates",
                                controller_registry(program.parts.controllers));
  });
  if (!controller.make) become_tensor_program(program);
  return controller.make;
}

/// Seconds a trial of a search over scores that are random but fixed for each architecture; nothing
/// for a searcher that trains a supernet.
std::optional<double> seconds_per_trial(Controller& controller, const Space& space,
                                        const Options& options) {
  using Clock = std::chrono::steady_clock;
  Clock::duration spent{};
  int64_t done = 0;
  for (; done < options.trials; ++done) {
    const auto start = Clock::now();
    const auto proposal = controller.ask(done);
    spent += Clock::now() - start;
    if (!proposal) break;
    if (!proposal->point) return std::nullopt;
    Trial trial;
    trial.number = done;
    trial.state = TrialState::complete;
    trial.point = proposal->point;
    trial.metrics["score"] = RandomStream(0, "bench " + space.text(*trial.point)).uniform();
    const auto told = Clock::now();
    controller.tell(trial);
    spent += Clock::now() - told;
  }
  if (done == 0) return std::nullopt;
  return std::chrono::duration<double>(spent).count() / static_cast<double>(done);
}

/// Null for a searcher that trains a supernet.
Json result_of(std::string_view name, const Options& options, Json settings,
               const Program& program) {
  const auto space = options.space.make(TaskShape{});
  const Objectives objectives{{"score", Goal::maximize}};
  const ControllerMaker make = maker_of(name, program);
  settings["controller"] = name;
  BenchResult result{"controller", settings, {}, "seconds a trial", processor_facts(), 0};
  for (int64_t seed = 0; seed < options.repeats; ++seed) {
    const auto controller = make(SearchContext{*space, objectives, static_cast<uint64_t>(seed)});
    const auto seconds = seconds_per_trial(*controller, *space, options);
    if (!seconds) return nullptr;
    result.samples.push_back(*seconds);
  }
  result.peak_memory = peak_resident_memory();
  return to_json(result);
}

}  // namespace

Json bench_controller(const BenchRequest& request, const Program& program) {
  Options options;
  const Json settings =
      read_settings("controller", "space: {type: nas_bench_201}", request.settings,
                    [&](Section& section) { describe(section, options); });
  if (options.controller != "all") {
    Json result = result_of(options.controller, options, settings, program);
    if (!result.is_null()) return result;
    throw UsageError("controller '" + options.controller +
                     "' trains a supernet; `nas bench supernet_step` times that");
  }
  Json results = Json::array();
  for (const auto& row : controller_registry(program.parts.controllers)) {
    if (row.name == "given") continue;  // it searches nothing
    Json result = result_of(row.name, options, settings, program);
    if (!result.is_null()) results.push_back(std::move(result));
  }
  return results;
}

}  // namespace nas
