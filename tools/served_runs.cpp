#include "tools/served_runs.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"
#include "nas/report/html.hpp"
#include "nas/report/report_data.hpp"
#include "nas/run/run_folder.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

bool is_run(const fs::path& folder) { return fs::exists(RunFolder(folder).config()); }

/// The run itself, or the runs one folder below.
std::vector<fs::path> runs_in(const fs::path& folder) {
  if (is_run(folder)) return {folder};
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (is_run(entry.path())) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) {
    throw UsageError(fmt::format("{}: no run here, nor one folder below (config.yaml is missing)",
                                 folder.string()));
  }
  return found;
}

/// Changes with a file that another one takes the place of.
std::string mark_of(const fs::path& file) {
  std::error_code none;
  const auto time = fs::last_write_time(file, none);
  return none ? "-" : fmt::format("{}", time.time_since_epoch().count());
}

}  // namespace

ServedRuns::ServedRuns(const std::vector<std::string>& folders, const TensorParts& parts) {
  for (const std::string& folder : folders) {
    for (const fs::path& found : runs_in(folder)) runs_.push_back(open_run(found, parts));
  }
  for (const OpenedRun& run : runs_) reports_.emplace_back(run);
}

std::string ServedRuns::path_of(size_t place) { return fmt::format("/runs/{}/", place); }

/// Every event of a run is a line in its logs; stages that follow leave files in best/.
std::string ServedRuns::version_of(const OpenedRun& run) const {
  const RunFolder files(run.folder);
  std::string text = std::to_string(run.store->size());
  std::error_code none;
  for (const fs::path& log : files.logs()) {
    text += fmt::format(" {}", fs::file_size(log, none));
  }
  text += mark_of(files.store()) + mark_of(files.store().string() + "-wal");
  for (const char* name : {"metrics.json", "pruned/metrics.json", "int8/metrics.json", "export"}) {
    text += " " + mark_of(files.best() / name);
  }
  return sha256(text).substr(0, 16);
}

std::string ServedRuns::report(size_t place) {
  const std::lock_guard lock(mutex_);
  // What comes in while it is read is news to this version.
  const std::string version = version_of(runs_[place]);
  return render_report(reports_[place].now(), {path_of(place) + "news.json", version});
}

std::optional<std::string> ServedRuns::news(size_t place, const std::string& version, size_t kept) {
  const std::lock_guard lock(mutex_);
  const std::string now = version_of(runs_[place]);
  if (now == version) return std::nullopt;
  return script_json(report_news(reports_[place].now(), now, version.empty() ? 0 : kept));
}

std::vector<ComparedRun> ServedRuns::compared() {
  std::vector<ComparedRun> compared;
  for (size_t i = 0; i < runs_.size(); ++i) {
    const ExperimentConfig& config = runs_[i].experiment.config;
    compared.push_back({path_of(i), config.name, runs_[i].folder.string(),
                        is_worked_on(runs_[i]) ? "running" : "not running",
                        config.objectives.front(), reports_[i].trials()});
  }
  return compared;
}

std::string ServedRuns::comparison_page() {
  const std::lock_guard lock(mutex_);
  return render_comparison(compared());
}

std::string ServedRuns::comparison_json() {
  const std::lock_guard lock(mutex_);
  return script_json(comparison_data(compared()));
}

}  // namespace nas
