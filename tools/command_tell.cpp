#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "nas/evaluate/complete_score.hpp"
#include "nas/evaluate/measured.hpp"
#include "nas/evaluate/program_reply.hpp"
#include "tools/output.hpp"
#include "tools/outside_run.hpp"

namespace nas {
namespace {

struct Options {
  OutsidePlace place;
  int64_t trial = 0;
  std::string metrics;
  std::string error;
  bool json = false;
};

/// What the metrics say by themselves: a score, or a failure where one is not finite.
Outcome told_outcome(const Options& options) {
  if (options.metrics.empty()) return Failure{"error", printable(options.error)};
  const auto reply = program_reply(fmt::format("{{\"metrics\": {}}}", options.metrics));
  if (const auto* outcome = std::get_if<Outcome>(&reply)) return *outcome;
  throw InputError(fmt::format("--metrics: found {}, expected an object of numbers like {}",
                               printable(options.metrics), R"({"loss": 0.4})"));
}

/// The score with the counts of its network; a failure where it breaks a constraint.
Outcome completed(const OutsideRun& run, const Trial& trial, Score score) {
  const auto& config = run.experiment().config;
  if (const auto reason = lacking_objective(config.objectives, score.metrics)) {
    throw InputError("--metrics: " + *reason);
  }
  score.metrics.merge(network_counts(run.space(), *trial.point));
  for (const auto& constraint : config.constraints) {
    if (score.metrics.contains(constraint.metric)) continue;
    throw InputError(
        fmt::format("--metrics: no metric '{}', which has a constraint", constraint.metric));
  }
  if (auto failure = failure_by(config.constraints, score.metrics)) return *failure;
  return score;
}

void tell(const Options& options, const Program& program) {
  OutsideRun run(options.place, program);
  const Trial trial = run.search().running(options.trial);
  Outcome outcome = told_outcome(options);
  if (auto* score = std::get_if<Score>(&outcome)) {
    outcome = completed(run, trial, std::move(*score));
  }
  const Json told = to_json(run.choices(), run.search().tell(options.trial, outcome));
  run.log().write("trial_finished", told);
  if (options.json) return print_json(told);
  fmt::print("trial {}  {}  {}\n", options.trial, told["state"].get<std::string>(),
             told["error"].is_null() ? told["metrics"].dump()
                                     : told["error"]["reason"].get<std::string>());
}

}  // namespace

void add_tell(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("tell", "The result of a trial that nas ask gave");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->place.place, "a run's folder")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--trial", options->trial, "its number")->required();
  auto* metrics =
      command->add_option("--metrics", options->metrics, "its metrics as JSON: {\"loss\": 0.4}");
  auto* error = command->add_option("--error", options->error, "why it has none");
  metrics->excludes(error);
  command->add_flag("--json", options->json, "print the trial as JSON");
  command->callback([options, &program, metrics, error] {
    if (metrics->empty() && error->empty()) {
      throw UsageError("nas tell needs --metrics or --error");
    }
    tell(*options, program);
  });
}

}  // namespace nas
