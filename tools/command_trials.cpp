#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/trials_csv.hpp"

namespace nas {
namespace {

struct Options {
  std::string folder;
  bool json = false;
  bool csv = false;
};

void print_table(const OpenedRun& run) {
  const auto& objective = run.experiment.config.objectives.front();
  fmt::print("{:>6}  {:<8}  {:>12}  {:>8}  {}\n", "trial", "state", objective.metric, "seconds",
             "architecture");
  for (const auto& trial : run.store->trials()) {
    const auto metric = trial.metrics.find(objective.metric);
    const std::string score = metric == trial.metrics.end() ? "-" : format_score(metric->second, 4);
    const std::string text = trial.failure ? trial.failure->kind + ": " + trial.failure->reason
                             : trial.point ? run.space->text(*trial.point)
                                           : std::string(to_text(trial.job));
    fmt::print("{:>6}  {:<8}  {:>12}  {:>8.1f}  {}\n", trial.number, to_text(trial.state), score,
               trial.seconds, text);
  }
}

}  // namespace

void add_trials(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("trials", "Every trial of a run");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  auto* json = command->add_flag("--json", options->json, "print a JSON array");
  command
      ->add_flag("--csv", options->csv,
                 "print a table with a column for each choice and each metric")
      ->excludes(json);
  command->callback([options, &program] {
    const OpenedRun run = open_run(options->folder, program.parts);
    if (options->csv) {
      fmt::print("{}", trials_csv(*run.space, run.store->trials()));
      return flush_output();
    }
    if (!options->json) return print_table(run);
    Json trials = Json::array();
    for (const auto& trial : run.store->trials()) {
      trials.push_back(to_json(run.space->choices(), trial));
    }
    print_json(trials);
  });
}

}  // namespace nas
