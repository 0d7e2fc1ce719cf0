#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/text.hpp"
#include "nas/qubo/model_file.hpp"
#include "nas/qubo/point_encoding.hpp"
#include "nas/qubo/solve.hpp"
#include "tools/named_space.hpp"
#include "tools/number_checks.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

struct Options {
  std::string file;
  std::string solver = "sa";
  std::string space;
  std::optional<double> target;
  SolveOptions solve;
  bool json = false;
};

const SolverRow& solver_named(const std::string& name) {
  const auto rows = solvers();
  return *std::find_if(rows.begin(), rows.end(),
                       [&](const SolverRow& row) { return row.name == name; });
}

Value value_of(const Choice& choice, const OneOf& one, const std::string& text) {
  if (const auto* domain = std::get_if<Categorical>(&choice.domain)) {
    const auto& options = domain->options;
    const auto option = std::find(options.begin(), options.end(), text);
    if (option != options.end()) return option - options.begin();
  } else {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (whole && std::holds_alternative<IntegerInterval>(choice.domain)) return number;
    const auto option = std::find(one.options.begin(), one.options.end(), text);
    if (const auto value = middle_value(choice, one, option - one.options.begin())) return *value;
  }
  throw InputError(
      fmt::format("{}: found '{}', which is no value of it", choice.name, printable(text)));
}

/// The text of the point that the model's choices name, of parts of an interval the middles, and
/// what it breaks of the space's relations. Throws InputError where they name none.
Json arch_of(const Json& point, const Meaning& meaning, const Space& space) {
  Point found;
  for (const Choice& choice : space.choices()) {
    if (!is_active(choice, found.values)) {
      found.values.emplace_back();
      continue;
    }
    const auto one = std::find_if(meaning.choices.begin(), meaning.choices.end(),
                                  [&](const OneOf& known) { return known.name == choice.name; });
    if (one == meaning.choices.end() || !point.contains(choice.name)) {
      throw InputError(fmt::format("the model says nothing of '{}'", choice.name));
    }
    found.values.push_back(value_of(choice, *one, point[choice.name].get<std::string>()));
  }
  check(space.choices(), found);
  Json json = {{"arch", space.text(found)}};
  if (const auto broken = broken_relation(space.choices(), found)) json["breaks"] = *broken;
  return json;
}

Json assignment_json(const QuadraticModel& model, const VariableValues& values) {
  Json json = Json::object();
  for (size_t i = 0; i < values.size(); ++i) json[model.names[i]] = static_cast<int>(values[i]);
  return json;
}

/// Share of the reads that met the target, and what follows for the time that it takes.
Json reached_json(const Solution& solution, double target) {
  const auto& samples = solution.samples;
  // Energies of one assignment differ by rounding where they were computed in another order.
  const double margin = 1e-9 * std::max(1.0, std::abs(target));
  const auto met = std::count_if(samples.begin(), samples.end(), [&](const Sample& sample) {
    return sample.energy <= target + margin;
  });
  const auto reads = static_cast<double>(samples.size());
  const double share = static_cast<double>(met) / reads;
  const auto time = time_to_solution(share, solution.seconds / reads);
  return {{"target", target},
          {"reached", share},
          {"time_to_solution", time ? Json(*time + solution.preparation) : Json()}};
}

Json solution_json(const QuadraticModel& model, const Solution& solution, const Options& options) {
  const Sample& best = solution.best();
  std::vector<double> energies;
  for (const Sample& sample : solution.samples) energies.push_back(sample.energy);
  Json json = {{"solver", options.solver},
               {"variables", model.size()},
               {"energy", best.energy},
               {"feasible", best.feasible},
               {"assignment", assignment_json(model, best.values)}};
  if (!model.meaning.choices.empty()) json["point"] = decoded(model.meaning, best.values);
  if (model.meaning.chosen > 0) {
    json["chosen"] = Json::array();
    for (size_t i = 0; i < best.values.size(); ++i) {
      if (best.values[i] == 1) json["chosen"].push_back(model.names[i]);
    }
  }
  json["reads"] = energies.size();
  json["mean_energy"] = mean(energies);
  json["feasible_reads"] = std::count_if(solution.samples.begin(), solution.samples.end(),
                                         [](const Sample& sample) { return sample.feasible; });
  json["preparation_seconds"] = solution.preparation;
  json["seconds"] = solution.seconds;
  if (options.target) json.update(reached_json(solution, *options.target));
  return json;
}

void print_solution(const Json& json) {
  fmt::print(
      "energy {:.9g}, the lowest of {} reads by {} in {}\n", json["energy"].get<double>(),
      json["reads"].get<int64_t>(), json["solver"].get<std::string>(),
      format_short_time(json["preparation_seconds"].get<double>() + json["seconds"].get<double>()));
  if (json.contains("reached")) {
    const Json& time = json["time_to_solution"];
    fmt::print("{:.2f} % of the reads reached {:.9g}; 99 % sure of it after {}\n",
               100 * json["reached"].get<double>(), json["target"].get<double>(),
               time.is_null() ? "no known time" : format_short_time(time.get<double>()));
  }
  if (!json["feasible"].get<bool>()) fmt::print("it breaks the encoding\n");
  if (json.contains("breaks")) fmt::print("it breaks {}\n", json["breaks"].get<std::string>());
  if (json.contains("arch")) fmt::print("  {}\n", json["arch"].get<std::string>());
  const bool means = json.contains("point") || json.contains("chosen");
  for (const char* key : {"point", "chosen", means ? "" : "assignment"}) {
    if (!json.contains(key)) continue;
    for (const auto& [name, value] : json[key].items()) {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      json[key].is_array() ? fmt::print("  {}\n", text) : fmt::print("  {:<24} {}\n", name, text);
    }
  }
}

void show(const Options& options, const Program& program) {
  const QuadraticModel model = read_model(options.file);
  std::unique_ptr<Space> space;
  if (!options.space.empty()) space = find_space(options.space, {}, program.parts);
  const Solution solution = solve(model, solver_named(options.solver), options.solve);
  Json json = solution_json(model, solution, options);
  if (space) {
    try {
      json.update(arch_of(json.value("point", Json::object()), model.meaning, *space));
    } catch (const InputError& error) {  // what was annealed is worth telling all the same
      tell_on_standard_error(fmt::format("nas: --space: no point of it: {}", error.what()));
    }
  }
  options.json ? print_json(json) : print_solution(json);
}

void add_solver_options(CLI::App& command, SolveOptions& options) {
  SolverOptions& solver = options.solver;
  const auto add = [&](const char* name, int64_t& value, int64_t most, const char* meaning) {
    command.add_option(name, value, meaning)
        ->check(CLI::Range(int64_t{1}, most))
        ->capture_default_str();
  };
  add("--reads", options.reads, 100'000'000, "independent tries");
  add("--sweeps", solver.sweeps, 1'000'000'000, "visits of each variable in a read (sa, pt, sqa)");
  add("--temperatures", solver.temperatures, 1000, "copies of parallel tempering");
  add("--slices", solver.slices, 1000, "copies of the path integral (sqa)");
  add("--layers", solver.layers, 100, "of QAOA");
  add("--evaluations", solver.evaluations, 1'000'000, "states that QAOA's angles are sought with");
  command.add_option("--hot", solver.hot, "first inverse temperature")->check(positive_number());
  command.add_option("--cold", solver.cold, "last inverse temperature")->check(positive_number());
}

}  // namespace

void add_anneal(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "anneal", "Minimise a quadratic function of bits or spins (.json, .qubo, .coo)");
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "the function, as nas qubo or dimod write it")
      ->required();
  std::vector<std::string> names;
  std::string meanings;
  for (const SolverRow& row : solvers()) {
    names.emplace_back(row.name);
    meanings += fmt::format("{}{}: {}", meanings.empty() ? "" : "; ", row.name, row.meaning);
  }
  command->add_option("--solver", options->solver, meanings)
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  add_solver_options(*command, options->solve);
  command->add_option("--seed", options->solve.seed, "of all random numbers")
      ->check(nonnegative_number())
      ->capture_default_str();
  command->add_option("--time", options->solve.seconds, "no read begins after so many seconds")
      ->check(positive_number());
  command->add_option("--target", options->target,
                      "an energy: print the share of reads that reach it");
  command->add_option("--space", options->space,
                      "print the point in this space's notation: a configuration file, a run's "
                      "folder, or a name; parts of intervals stand for their middles");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] { show(*options, program); });
}

}  // namespace nas
