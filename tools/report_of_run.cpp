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
constexpr size_t kForests = 20;

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

}  // namespace

const std::vector<Trial>& ReportOfRun::trials() {
  auto& known = input_.trials;
  auto fresh = run_.store->trials(ended_ == 0 ? 0 : known[ended_ - 1].number + 1);
  known.resize(ended_);
  input_.architectures.resize(ended_);
  for (Trial& trial : fresh) {
    input_.architectures.push_back(trial.point ? run_.space->text(*trial.point) : "");
    known.push_back(std::move(trial));
  }
  while (ended_ < known.size() && has_ended(known[ended_])) ++ended_;
  return known;
}

/// A forest of thousands of trials takes a second to grow: while a run goes on, every twentieth
/// part of them that is new is worth one.
void ReportOfRun::weigh_choices(size_t scored) {
  if (scored == weighed_) return;
  if (scored > weighed_ && scored - weighed_ < weighed_ / kForests && is_worked_on(run_)) return;
  weighed_ = scored;
  input_.importance = importance_of(input_.choices, input_.trials, input_.objectives.front().metric,
                                    run_.experiment.config.seed);
}

void ReportOfRun::read_stages() {
  const RunFolder files(run_.folder);
  input_.best = json_or_null(files.best() / "metrics.json");
  input_.pruned = json_or_null(files.best() / "pruned" / "metrics.json");
  input_.int8 = json_or_null(files.best() / "int8" / "metrics.json");
  input_.exports = exports(files.best() / "export");
  input_.provenance = json_or_null(files.provenance());
  input_.config = read_file(files.config());
  input_.command = fmt::format("nas run {}", files.config().string());
}

const ReportInput& ReportOfRun::now() {
  const RunFolder files(run_.folder);
  const ExperimentConfig& config = run_.experiment.config;
  input_.name = config.name;
  input_.objectives = config.objectives;
  input_.choices = run_.space->choices();
  input_.costs = run_.experiment.report_config;
  trials();
  const auto ranking = ranked(input_.trials, input_.objectives);
  input_.drawn = drawn_trials(run_, input_, ranking);
  weigh_choices(ranking.size());
  const auto best = best_trial(input_.trials, input_.objectives);
  curves_.read(files.logs());
  input_.curves = curves_.groups(best ? input_.trials[*best].number : -1);
  input_.trial_curves = trial_curves(run_, input_.trials, ranking);
  input_.supernets = supernets(files, input_.trials);
  read_stages();
  return input_;
}

}  // namespace nas
