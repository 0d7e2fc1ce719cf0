#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "tools/number_checks.hpp"
#include "tools/output.hpp"
#include "tools/outside_run.hpp"

namespace nas {
namespace {

struct Options {
  OutsidePlace place;
  int64_t count = 0;  // 0: one, and not in a list
  bool open = false;
  bool json = false;
};

Json asked_json(const Choices& choices, const Trial& trial) {
  Json json = {{"number", trial.number},
               {"point", to_json(choices, *trial.point)},
               {"budget", trial.budget},
               {"seed", trial.seed}};
  if (trial.continues) json["continues"] = *trial.continues;
  return json;
}

std::string nothing_to_ask(OutsideRun& run) {
  if (!run.search().budget_left()) {
    return fmt::format("all {} trials of the budget were asked for",
                       run.experiment().config.budget.trials);
  }
  const size_t open = run.search().open().size();
  return open == 0
             ? std::string("nothing is left to propose")
             : fmt::format("nothing to propose before the results of {} trials are told", open);
}

std::vector<Trial> new_trials(OutsideRun& run, int64_t count) {
  auto trials = run.search().ask(count);
  if (trials.empty()) throw RunError(nothing_to_ask(run));
  run.note_order_of_results();
  for (const auto& trial : trials) run.log().write("trial_asked", {{"number", trial.number}});
  return trials;
}

void print_trials(const Options& options, const Choices& choices,
                  const std::vector<Trial>& trials) {
  Json list = Json::array();
  for (const auto& trial : trials) list.push_back(asked_json(choices, trial));
  if (options.json) {
    const bool single = options.count == 0 && !options.open;
    return print_json(single ? list.front() : list);
  }
  for (const auto& trial : list) {
    fmt::print("trial {}  {}  budget {}  seed {}\n", trial["number"].get<int64_t>(),
               trial["point"].dump(), format_figure(trial["budget"].get<double>()),
               trial["seed"].get<uint64_t>());
  }
}

void ask(const Options& options, const Program& program) {
  OutsideRun run(options.place, program);
  const auto trials =
      options.open ? run.search().open() : new_trials(run, std::max<int64_t>(options.count, 1));
  print_trials(options, run.choices(), trials);
}

}  // namespace

void add_ask(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("ask", "New trials for a program that keeps control");
  auto options = std::make_shared<Options>();
  add_place_options(*command, options->place);
  command->add_option("--count", options->count, "how many; prints a list")
      ->check(positive_number());
  command->add_flag("--open", options->open,
                    "no new ones: those that were asked for and are not told");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] { ask(*options, program); });
}

}  // namespace nas
