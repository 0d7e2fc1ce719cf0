#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/text.hpp"
#include "nas/evaluate/table.hpp"
#include "nas/qubo/model_file.hpp"
#include "nas/qubo/penalty.hpp"
#include "nas/qubo/selection.hpp"
#include "nas/qubo/surrogate.hpp"
#include "tools/named_space.hpp"
#include "tools/number_checks.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

struct Options {
  std::string source;
  std::string to;
  std::string metric;
  std::string goal;
  std::string space;
  std::string key = "arch";
  std::string scores = "ranks";
  std::string label;
  int64_t levels = 8;
  double strength = 0;
  SurrogateOptions surrogate;
  SelectionOptions selection{0, 1};
  bool json = false;
};

/// Points and what they are worth, larger is better.
struct Known {
  std::string metric;
  std::unique_ptr<Space> space;
  std::vector<Point> points;
  std::vector<double> utilities;
};

double turned(const Objective& objective, double value) {
  return objective.goal == Goal::maximize ? value : -value;
}

/// The metric that is asked for, and which way it is better.
Objective objective_of(const Options& options, const Objectives& known) {
  Objective found = known.front();
  if (!options.metric.empty()) {
    found = {options.metric, Goal::maximize};
    for (const Objective& one : known) {
      if (one.metric == options.metric) found = one;
    }
  }
  if (!options.goal.empty()) {
    found.goal = options.goal == "minimize" ? Goal::minimize : Goal::maximize;
  }
  return found;
}

/// The trials of a run with a score, those of the largest budget that any has.
Known known_of_run(const Options& options, const Program& program) {
  OpenedRun run = open_run(options.source, program.parts);
  const Objective objective = objective_of(options, run.experiment.config.objectives);
  const auto trials = run.store->trials();
  const auto best = best_trial(trials, {objective});
  Known known{objective.metric, std::move(run.space), {}, {}};
  for (const Trial& trial : trials) {
    const auto value = utility(objective, trial);
    const bool counts = value && std::isfinite(*value) && trial.point &&
                        trial.state == TrialState::complete && trial.budget == trials[*best].budget;
    if (!counts) continue;
    known.points.push_back(*trial.point);
    known.utilities.push_back(*value);
  }
  return known;
}

Known known_of_table(const Options& options, const Program& program) {
  if (options.space.empty() || options.metric.empty()) {
    throw UsageError("a table needs --space, whose points it lists, and --metric, a column");
  }
  Known known{options.metric, find_space(options.space, {}, program.parts), {}, {}};
  const Objective objective = objective_of(options, {Objective{options.metric, Goal::maximize}});
  const BenchmarkTable table = read_table(options.source, options.key);
  table.require(options.metric);
  for (const auto& row : table.rows) {
    const auto number = row.numbers.find(options.metric);
    if (number == row.numbers.end()) {
      throw InputError(
          fmt::format("{}: found no number in column '{}'", table.place(row), options.metric));
    }
    try {
      known.points.push_back(known.space->parse(row.key));
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", table.place(row), error.what()));
    }
    known.utilities.push_back(turned(objective, number->second));
  }
  return known;
}

struct Built {
  QuadraticModel model;
  Json facts;
};

Built built_surrogate(const Options& options, const Program& program) {
  const bool folder = std::filesystem::is_directory(options.source);
  const Known known = folder ? known_of_run(options, program) : known_of_table(options, program);
  if (known.points.size() < 2) {
    throw UsageError(fmt::format("{}: found {} scores of the metric '{}', expected at least two",
                                 options.source, known.points.size(), printable(known.metric)));
  }
  std::vector<double> energies =
      options.scores == "ranks" ? normal_scores(known.utilities) : known.utilities;
  for (double& energy : energies) energy = -energy;
  const PointEncoding encoding(known.space->choices(), options.levels);
  const auto held_out = held_out_correlation(encoding, known.points, energies, options.surrogate);
  return {fit_surrogate(encoding, known.points, energies, options.surrogate),
          {{"points", known.points.size()},
           {"held_out_correlation", held_out ? Json(*held_out) : Json()}}};
}

Built built_selection(const Options& options) {
  const Candidates candidates = options.label.empty()
                                    ? read_candidates(options.source)
                                    : candidates_of_table(options.source, options.label);
  return {selection_model(candidates, options.selection), Json::object()};
}

Json build(const Options& options, const Program& program) {
  if (!std::filesystem::exists(options.source)) {
    throw UsageError(fmt::format("'{}' is not there, expected a run's folder or a file",
                                 printable(options.source)));
  }
  Built built =
      options.selection.chosen > 0 ? built_selection(options) : built_surrogate(options, program);
  const double sufficient = sufficient_penalty(built.model);
  const double strength = options.strength > 0 ? options.strength : sufficient;
  add_penalty(built.model, strength);
  write_model(options.to, built.model);
  Json json = {{"file", options.to},
               {"variables", built.model.size()},
               {"interactions", built.model.quadratic.size()},
               {"penalty", strength},
               {"sufficient_penalty", sufficient}};
  json.update(built.facts);
  return json;
}

void print_built(const Json& json) {
  fmt::print("{}: {} variables, {} interactions, penalty {:.6g}\n", json["file"].get<std::string>(),
             json["variables"].get<int64_t>(), json["interactions"].get<int64_t>(),
             json["penalty"].get<double>());
  if (json["penalty"] < json["sufficient_penalty"]) {
    fmt::print("a minimum may break the encoding: only from a penalty of {:.6g} on none does\n",
               json["sufficient_penalty"].get<double>());
  }
  if (!json.contains("points")) return;
  fmt::print("fitted to {} points", json["points"].get<int64_t>());
  if (!json["held_out_correlation"].is_null()) {
    fmt::print("; rank correlation with points left out {:.3f}",
               json["held_out_correlation"].get<double>());
  }
  fmt::print("\n");
}

void add_surrogate_options(CLI::App& command, Options& options) {
  command.add_option("--metric", options.metric,
                     "what is predicted; the first objective of a run, a column of a table");
  command.add_option("--goal", options.goal, "maximize or minimize")
      ->check(CLI::IsMember({"maximize", "minimize"}));
  command.add_option("--space", options.space,
                     "of a table: a configuration file, a run's folder, or the name of a space");
  command.add_option("--key", options.key, "column of a table that holds the points' texts")
      ->capture_default_str();
  command
      .add_option("--scores", options.scores,
                  "ranks: energies are normal scores of ranks; values: the metric itself")
      ->check(CLI::IsMember({"ranks", "values"}))
      ->capture_default_str();
  command.add_option("--ridge", options.surrogate.ridge, "penalty of the regression")
      ->check(CLI::Range(1e-9, 1e9))
      ->capture_default_str();
  command.add_option("--levels", options.levels, "parts that longer intervals are cut into")
      ->check(CLI::Range(2, 64))
      ->capture_default_str();
}

}  // namespace

void add_qubo(CLI::App& app, const Program& program, int&) {
  auto* command =
      app.add_subcommand("qubo", "Write a choice as a quadratic function of bits, for annealers");
  auto options = std::make_shared<Options>();
  command
      ->add_option("SOURCE", options->source,
                   "a run's folder or a table of points and scores: a surrogate is fitted; with "
                   "--choose, candidates: a CSV file with --label, or JSON {names, scores, "
                   "redundancy}")
      ->required();
  command->add_option("--to", options->to, "FILE.json (as dimod reads it), FILE.qubo or FILE.coo")
      ->required();
  add_surrogate_options(*command, *options);
  command->add_option("--choose", options->selection.chosen, "how many candidates to choose")
      ->check(positive_number());
  command->add_option("--label", options->label, "column that the others are to predict");
  command
      ->add_option("--redundancy", options->selection.redundancy,
                   "weight of mean redundancy against mean score")
      ->capture_default_str();
  command
      ->add_option("--penalty", options->strength,
                   "of breaking the encoding; so large that no minimum does where not given")
      ->check(positive_number());
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    const Json json = build(*options, program);
    options->json ? print_json(json) : print_built(json);
  });
}

}  // namespace nas
