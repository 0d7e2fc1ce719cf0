#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/report/importance.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

struct Options {
  std::string folder;
  std::string metric;
  bool json = false;
};

void print_importance(const Json& json) {
  fmt::print("shares of the variance of {}, from {} trials\n", json["metric"].get<std::string>(),
             json["trials"].get<int64_t>());
  for (const auto& row : json["parameters"]) {
    fmt::print("  {:<40} {:>6.1f} %\n", row["name"].get<std::string>(),
               100 * row["importance"].get<double>());
  }
  for (const auto& row : json["pairs"]) {
    fmt::print("  {:<40} {:>6.1f} %\n",
               row["names"][0].get<std::string>() + " with " + row["names"][1].get<std::string>(),
               100 * row["importance"].get<double>());
  }
  fmt::print("the forest explains {:.0f} % of the variance of trials that it has not seen\n",
             100 * json["explained"].get<double>());
}

void show(const Options& options, const Program& program) {
  const OpenedRun run = open_run(options.folder, program.parts);
  const auto& config = run.experiment.config;
  const std::string metric =
      options.metric.empty() ? config.objectives.front().metric : options.metric;
  const auto& choices = run.space->choices();
  const auto importance = importance_of(choices, run.store->trials(), metric, config.seed);
  if (!importance) {
    throw RunError(fmt::format("{}: expected at least ten complete trials whose {} differs",
                               options.folder, metric));
  }
  const Json json = to_json(choices, *importance);
  options.json ? print_json(json) : print_importance(json);
}

}  // namespace

void add_importance(CLI::App& app, const Program& program, int&) {
  auto* command =
      app.add_subcommand("importance", "Which parameters the score of a run depends on");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command->add_option("--metric", options->metric, "another metric than the first objective's");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] { show(*options, program); });
}

}  // namespace nas
