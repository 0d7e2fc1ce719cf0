#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "nas/run/outside_search.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/search/front_volume.hpp"
#include "tools/cluster_job.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

double elapsed_seconds(const TrialStore& store) {
  const auto text = store.get("elapsed");
  return text ? Json::parse(*text).get<double>() : 0;
}

Json count_states(const std::vector<Trial>& trials) {
  std::map<TrialState, int64_t> counts;
  for (const auto& trial : trials) ++counts[trial.state];
  Json json;
  for (const auto state : {TrialState::waiting, TrialState::running, TrialState::complete,
                           TrialState::stopped, TrialState::failed}) {
    json[std::string(to_text(state))] = counts[state];
  }
  json["total"] = trials.size();
  return json;
}

/// running: a process holds the folder, or a worker trials; asked: an outside program asks and
/// tells; finished: all stages are done; submitted: a job waits to go on with it; else interrupted.
std::string state_of_run(const OpenedRun& run, const std::optional<Json>& job) {
  if (is_worked_on(run)) return "running";
  if (is_asked_from_outside(*run.store)) return "asked";
  // best/ is written when the last stage is done.
  if (std::filesystem::exists(RunFolder(run.folder).best() / "metrics.json")) return "finished";
  const bool waits = job && !(*job)["state"].is_null() &&
                     !SlurmJob{(*job)["state"].get<std::string>(), "", ""}.over();
  return waits ? "submitted" : "interrupted";
}

/// What Slurm says of the folder's job; nothing where it has none.
std::optional<Json> job_of_run(const OpenedRun& run) {
  const auto number = job_of(RunFolder(run.folder));
  if (!number) return std::nullopt;
  return job_json(*number);
}

Json status_json(const OpenedRun& run) {
  const auto trials = run.store->trials();
  Json json = {{"name", run.experiment.config.name}, {"trials", count_states(trials)}};
  const auto ended =
      std::count_if(trials.begin(), trials.end(), has_ended) - imported_trials(*run.store);
  const double elapsed = elapsed_seconds(*run.store);
  const double rate = elapsed > 0 ? static_cast<double>(ended) / elapsed : 0;
  const int64_t planned = run.experiment.config.budget.trials;  // 0: something else ends the search
  const auto job = job_of_run(run);
  json["state"] = state_of_run(run, job);
  // A space may hold fewer points than trials were planned.
  const int64_t trials_left =
      json["state"] == "finished" ? 0 : std::max<int64_t>(planned - ended, 0);
  const auto left = static_cast<double>(trials_left);
  if (job) json["slurm"] = *job;
  const auto best = best_trial(trials, run.experiment.config.objectives);
  // Going on with a run that has no score and no trial left would find none.
  const bool hopeless = planned > 0 && ended >= planned && !best;
  if (hopeless && json["state"] == "interrupted") json["state"] = "failed";
  json["best"] = best ? best_json(*run.space, trials[*best]) : Json(nullptr);
  const auto volume = front_volume(trials, run.experiment.config.objectives);
  if (volume) json["hypervolume"] = *volume;
  json["elapsed_seconds"] = elapsed;
  json["trials_per_hour"] = rate * 3600;
  json["seconds_left"] = rate > 0 && planned > 0 ? Json(left / rate) : Json(nullptr);
  return json;
}

void print_status(const Json& json) {
  fmt::print("{}: {}\n", json["name"].get<std::string>(), json["state"].get<std::string>());
  if (json.contains("slurm")) fmt::print("  {}\n", job_text(json["slurm"]));
  for (const auto& [state, number] : json["trials"].items()) {
    fmt::print("  {:<10} {:>8}\n", state, number.get<int64_t>());
  }
  fmt::print("  {:.1f} trials an hour", json["trials_per_hour"].get<double>());
  const Json& left = json["seconds_left"];
  if (left.is_number() && left.get<double>() > 0) {
    fmt::print(", {} left", format_duration(left.get<double>()));
  }
  fmt::print("\n");
  if (json.contains("hypervolume")) {
    fmt::print("  hypervolume of the Pareto front above the worst values: {:.6g}\n",
               json["hypervolume"].get<double>());
  }
  if (json["best"].is_null()) return;
  fmt::print("best so far: trial {}\n  {}\n", json["best"]["number"].get<int64_t>(),
             json["best"]["arch"].get<std::string>());
  for (const auto& [name, value] : json["best"]["metrics"].items()) {
    fmt::print("  {:<24} {}\n", name, format_figure(value.get<double>()));
  }
}

}  // namespace

void add_status(CLI::App& app, const Program& program, int&) {
  struct Options {
    std::string folder;
    bool json = false;
  };
  auto* command = app.add_subcommand("status", "How far a run has come");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    const Json json = status_json(open_run(options->folder, program.parts));
    options->json ? print_json(json) : print_status(json);
  });
}

}  // namespace nas
