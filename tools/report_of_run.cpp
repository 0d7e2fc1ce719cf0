#include "tools/report_of_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/output.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr size_t kDrawnTrials = 3;
constexpr size_t kCurves = 30;

/// Null where there is none, or something else.
Json json_or_null(const fs::path& path) {
  if (!fs::exists(path)) return nullptr;
  Json content = Json::parse(read_file(path), nullptr, /*allow_exceptions=*/false);
  return content.is_discarded() ? Json() : content;
}

/// Places of the trials that have a score, the best first.
std::vector<size_t> ranked(const std::vector<Trial>& trials, const Objectives& objectives) {
  std::vector<size_t> places;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].state == TrialState::complete && utility(objectives.front(), trials[i])) {
      places.push_back(i);
    }
  }
  std::sort(places.begin(), places.end(),
            [&](size_t a, size_t b) { return beats(objectives.front(), trials[a], trials[b]); });
  return places;
}

/// The best and, of several objectives, others of the front; no architecture twice.
std::vector<DrawnTrial> drawn_trials(const OpenedRun& run, const ReportInput& input,
                                     const std::vector<size_t>& ranking) {
  std::vector<size_t> places;
  if (const auto best = best_trial(input.trials, input.objectives)) places.push_back(*best);
  const auto more =
      input.objectives.size() > 1 ? pareto_front(input.trials, input.objectives) : ranking;
  places.insert(places.end(), more.begin(), more.end());
  std::vector<DrawnTrial> drawn;
  std::set<std::string> seen;
  for (const size_t place : places) {
    if (drawn.size() == kDrawnTrials) break;
    const auto& point = input.trials[place].point;
    if (!point || !seen.insert(input.architectures[place]).second) continue;
    const Json drawing = run.space->drawing(*point);
    drawn.push_back({place, {drawing["cells"].begin(), drawing["cells"].end()}});
  }
  return drawn;
}

std::vector<TrialCurve> trial_curves(const OpenedRun& run, const std::vector<Trial>& trials,
                                     const std::vector<size_t>& ranking) {
  std::vector<TrialCurve> curves;
  for (size_t i = 0; i < std::min(ranking.size(), kCurves); ++i) {
    const int64_t number = trials[ranking[i]].number;
    LearningCurve points = run.store->curve(number);
    if (!points.empty()) curves.push_back({number, std::move(points)});
  }
  return curves;
}

std::vector<SupernetHistory> supernets(const RunFolder& files, const std::vector<Trial>& trials) {
  std::vector<SupernetHistory> histories;
  for (const Trial& trial : trials) {
    if (trial.job != Job::supernet) continue;
    Json history =
        json_or_null(files.checkpoints(Job::supernet, trial.number) / "architecture.json");
    if (!history.is_null()) histories.push_back({trial.number, std::move(history)});
  }
  return histories;
}

std::vector<ExportedFile> exports(const fs::path& folder) {
  std::vector<ExportedFile> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files.push_back({entry.path().lexically_relative(folder).string(),
                     static_cast<int64_t>(entry.file_size())});
  }
  std::sort(files.begin(), files.end(),
            [](const ExportedFile& a, const ExportedFile& b) { return a.name < b.name; });
  return files;
}

void read_stages(const RunFolder& files, ReportInput& input) {
  input.best = json_or_null(files.best() / "metrics.json");
  input.pruned = json_or_null(files.best() / "pruned" / "metrics.json");
  input.int8 = json_or_null(files.best() / "int8" / "metrics.json");
  input.exports = exports(files.best() / "export");
  input.provenance = json_or_null(files.provenance());
  input.config = read_file(files.config());
  input.command = fmt::format("nas run {}", files.config().string());
}

}  // namespace

ReportInput report_of_run(const OpenedRun& run) {
  const RunFolder files(run.folder);
  const ExperimentConfig& config = run.experiment.config;
  ReportInput input;
  input.name = config.name;
  input.trials = run.store->trials();
  input.objectives = config.objectives;
  for (const auto& trial : input.trials) {
    input.architectures.push_back(trial.point ? run.space->text(*trial.point) : "");
  }
  const auto ranking = ranked(input.trials, input.objectives);
  input.drawn = drawn_trials(run, input, ranking);
  input.choices = run.space->choices();
  input.importance =
      importance_of(input.choices, input.trials, input.objectives.front().metric, config.seed);
  const auto best = best_trial(input.trials, input.objectives);
  input.curves = read_curves(files.logs(), best ? input.trials[*best].number : -1);
  input.trial_curves = trial_curves(run, input.trials, ranking);
  input.supernets = supernets(files, input.trials);
  input.costs = run.experiment.report_config;
  read_stages(files, input);
  return input;
}

}  // namespace nas
