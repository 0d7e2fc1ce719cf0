#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

struct Options {
  std::string folder;
  bool json = false;
};

/// One object, or with several objectives the Pareto front as an array.
Json best_of(const OpenedRun& run) {
  const auto trials = run.store->trials();
  const auto& objectives = run.experiment.config.objectives;
  if (objectives.size() > 1) {
    Json front = Json::array();
    for (const size_t index : pareto_front(trials, objectives)) {
      front.push_back(best_json(*run.space, trials[index]));
    }
    return front;
  }
  const auto best = best_trial(trials, objectives);
  if (!best) {
    throw RunError(fmt::format("{}: no trial has a score yet", run.folder.string()));
  }
  return best_json(*run.space, trials[*best]);
}

void print_best(const Json& best) {
  for (const auto& item : best.is_array() ? best : Json::array({best})) {
    fmt::print("trial {}\n  {}\n", item["number"].get<int64_t>(), item["arch"].get<std::string>());
    for (const auto& [name, value] : item["metrics"].items()) {
      fmt::print("  {:<24} {}\n", name, format_figure(value.get<double>()));
    }
  }
}

}  // namespace

void add_best(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("best", "The best trial, or the Pareto front");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    const Json best = best_of(open_run(options->folder, program.parts));
    options->json ? print_json(best) : print_best(best);
  });
}

}  // namespace nas
