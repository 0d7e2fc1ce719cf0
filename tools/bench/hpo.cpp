#include <algorithm>
#include <chrono>
#include <cmath>

#include "controllers/registry.hpp"
#include "nas/config/component.hpp"
#include "nas/core/error.hpp"
#include "nas/core/machine.hpp"
#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"
#include "search_spaces/parameters.hpp"
#include "tools/assemble.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/bench/hpo_problems.hpp"

namespace nas {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::vector<std::string> problems{"all"};
  int64_t trials = 100;
  int64_t seeds = 20;
  int64_t lag = 1;
  Component<Controller, const SearchContext&> controller;
};

void describe(Section& section, Options& options, const TensorParts& parts) {
  section.texts("problems", options.problems,
                "functions by name, or five (those of published comparisons), continuous, mixed, "
                "all");
  section.integer("trials", options.trials, {1, 1'000'000, "trials"}, "of each search");
  section.integer("seeds", options.seeds, {1, 10'000, ""}, "searches of each function");
  section.integer("lag", options.lag, {1, 10'000, "trials"},
                  "a proposal does not see this many newest trials less one, as with workers");
  options.controller = read_component(section, "controller", "what picks the points",
                                      controller_registry(parts.controllers));
}

std::vector<HpoProblem> chosen_problems(const std::vector<std::string>& names) {
  const auto continuous = continuous_problems();
  auto all = continuous;
  for (auto& problem : mixed_problems()) all.push_back(std::move(problem));
  std::vector<HpoProblem> chosen;
  for (const std::string& name : names) {
    const size_t before = chosen.size();
    for (size_t i = 0; i < all.size(); ++i) {
      const bool smooth = i < continuous.size();
      if (name == "all" || name == all[i].name || (name == "five" && i < 5) ||
          (name == "continuous" && smooth) || (name == "mixed" && !smooth)) {
        chosen.push_back(all[i]);
      }
    }
    if (chosen.size() == before) throw UsageError("problems: there is none named '" + name + "'");
  }
  return chosen;
}

/// What one search found.
struct Course {
  /// After each trial: the true value, less the minimum, of the point that looked best.
  std::vector<double> regrets;
  double seconds = 0;
};

Trial evaluated(const HpoProblem& problem, int64_t number, uint64_t seed, Point point) {
  RandomStream random(seed, "bench.noise", static_cast<uint64_t>(number));
  Trial trial;
  trial.number = number;
  trial.state = TrialState::complete;
  trial.metrics["value"] = problem.value(point) + problem.noise * random.normal();
  trial.point = std::move(point);
  return trial;
}

Course search(const HpoProblem& problem, const Options& options, uint64_t seed) {
  const auto space = make_parameters({problem.choices}, TaskShape{});
  const Objectives objectives{{"value", Goal::minimize}};
  const auto controller = options.controller.make(SearchContext{*space, objectives, seed});
  Course course;
  std::vector<Trial> trials;
  int64_t told = 0;
  double seen = INFINITY;
  double regret = INFINITY;
  for (int64_t n = 0; n < options.trials; ++n) {
    const auto start = Clock::now();
    for (; told < n - options.lag + 1; ++told) controller->tell(trials[static_cast<size_t>(told)]);
    auto proposal = controller->ask(n);
    for (; !proposal && told < n; proposal = controller->ask(n)) {
      controller->tell(trials[static_cast<size_t>(told++)]);
    }
    course.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    if (!proposal) break;
    trials.push_back(evaluated(problem, n, seed, proposal->point.value()));
    if (trials.back().metrics["value"] < seen) {
      seen = trials.back().metrics["value"];
      regret = std::max(0.0, problem.value(*trials.back().point) - problem.minimum);
    }
    course.regrets.push_back(regret);
  }
  // A search that tried every point keeps what it has.
  course.regrets.resize(static_cast<size_t>(options.trials), regret);
  return course;
}

/// {"25": {median, spread, mean}, ...} at a quarter, half and all of the trials.
Json regrets_of(const std::vector<Course>& courses, int64_t trials) {
  Json json = Json::object();
  for (const int64_t at : {(trials + 3) / 4, (trials + 1) / 2, trials}) {
    std::vector<double> values;
    values.reserve(courses.size());
    for (const Course& course : courses)
      values.push_back(course.regrets[static_cast<size_t>(at - 1)]);
    json[std::to_string(at)] = {{"median", median(values)},
                                {"spread", {quantile(values, 0.25), quantile(values, 0.75)}},
                                {"mean", mean(values)},
                                {"values", values}};
  }
  return json;
}

}  // namespace

Json bench_hpo(const BenchRequest& request, const Program& program) {
  Options options;
  Json settings =
      read_settings("hpo", "controller: {type: random}", request.settings,
                    [&](Section& section) { describe(section, options, program.parts); });
  if (!options.controller.make) become_tensor_program(program);
  settings.erase("problems");
  Json results = Json::array();
  for (const HpoProblem& problem : chosen_problems(options.problems)) {
    Json own = {{"problem", problem.name}};
    own.update(settings);
    BenchResult result{"hpo", own, {}, "seconds a trial", processor_facts(), 0};
    std::vector<Course> courses;
    for (int64_t seed = 0; seed < options.seeds; ++seed) {
      courses.push_back(search(problem, options, static_cast<uint64_t>(seed)));
      result.samples.push_back(courses.back().seconds / static_cast<double>(options.trials));
    }
    result.peak_memory = peak_resident_memory();
    result.more["regret"] = regrets_of(courses, options.trials);
    results.push_back(to_json(result));
  }
  return results;
}

}  // namespace nas
