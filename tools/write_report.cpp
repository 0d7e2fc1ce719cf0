#include "tools/write_report.hpp"

#include <fmt/core.h>

#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/report/html.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/output.hpp"

namespace nas {
namespace {

Json json_or_null(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return nullptr;
  return Json::parse(read_file(path), nullptr, /*allow_exceptions=*/false);
}

}  // namespace

void write_report(const std::filesystem::path& folder, const TensorParts& parts) {
  const OpenedRun run = open_run(folder, parts);
  const RunFolder files(folder);
  ReportInput input;
  input.name = run.experiment.config.name;
  input.trials = run.store->trials();
  input.objectives = run.experiment.config.objectives;
  for (const auto& trial : input.trials) {
    input.architectures.push_back(trial.point ? run.space->text(*trial.point) : "");
  }
  const auto best = best_trial(input.trials, input.objectives);
  if (best) {
    const Json drawing = run.space->drawing(*input.trials[*best].point);
    for (const auto& cell : drawing["cells"]) input.cells.push_back(cell);
  }
  input.choices = run.space->choices();
  input.importance = importance_of(input.choices, input.trials, input.objectives.front().metric,
                                   run.experiment.config.seed);
  input.curves = read_curves(files.logs(), best ? input.trials[*best].number : -1);
  input.best = json_or_null(files.best() / "metrics.json");
  input.provenance = json_or_null(files.provenance());
  input.config = read_file(files.config());
  input.command = fmt::format("nas run {}", files.config().string());
  write_file_atomically(files.report(), render_report(input));
}

}  // namespace nas
