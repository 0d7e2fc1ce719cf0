#include "tools/outside_run.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"
#include "nas/evaluate/measured.hpp"
#include "nas/search/constraint.hpp"
#include "tools/provenance.hpp"
#include "tools/run_options.hpp"
#include "tools/run_store.hpp"
#include "tools/set_option.hpp"

namespace nas {
namespace {

/// For other processes' asks and tells, each of which takes milliseconds.
constexpr double kSecondsForOthers = 30;

}  // namespace

void add_place_options(CLI::App& command, OutsidePlace& place) {
  command.add_option("DIR|CONFIG", place.place, "a run's folder, or a configuration")->required();
  command.add_option("--out", place.folder, "the folder of a configuration's run (runs/NAME)");
  add_set_option(command, place.overrides, "a key of the configuration: a.b=value");
}

OutsideRun::OutsideRun(const OutsidePlace& place, const Program& program)
    : program_(program),
      experiment_(read(place)),
      folder_(made(place)),
      lock_(folder_.lock(), kSecondsForOthers),
      log_(folder_.log()),
      space_(experiment_.make_space()),
      store_(open_sqlite_store(folder_.store(), space_->choices(), OpenMode::read_write)),
      controller_(
          experiment_.make_controller({*space_, experiment_.config.objectives,
                                       experiment_.config.seed, experiment_.own_budget()})) {
  search_.emplace(settings(), *controller_, *store_);
}

Experiment OutsideRun::read(const OutsidePlace& place) const {
  std::filesystem::path config = place.place;
  if (std::filesystem::is_directory(config)) {
    if (!place.folder.empty() || !place.overrides.empty()) {
      throw UsageError(place.place +
                       ": is a run's folder; --out and --set go with a configuration");
    }
    config /= "config.yaml";
    if (!std::filesystem::exists(config)) {
      throw UsageError(place.place + ": no run here (config.yaml is missing)");
    }
  }
  Experiment experiment = read_outside_experiment(config, place.overrides, program_.parts);
  if (is_shared(experiment)) {
    throw UsageError(
        "store.url: nas ask, tell and import keep their trials in the run's folder alone");
  }
  if (!experiment.controller.make) become_tensor_program(program_);
  return experiment;
}

RunFolder OutsideRun::made(const OutsidePlace& place) const {
  if (std::filesystem::is_directory(place.place)) return RunFolder(place.place);
  RunFolder folder(folder_or_usual(place.folder, experiment_));
  folder.create(experiment_.resolved);
  return folder;
}

OutsideSettings OutsideRun::settings() const {
  const auto refuse = [this](const Point& point) {
    return failure_by(experiment_.config.constraints, network_counts(*space_, point));
  };
  return {experiment_.config.seed, experiment_.config.budget.trials, refuse};
}

Json OutsideRun::provenance() const {
  if (!std::filesystem::exists(folder_.provenance())) return Json::object();
  return Json::parse(read_file(folder_.provenance()), nullptr, /*allow_exceptions=*/false);
}

void OutsideRun::note_order_of_results() {
  constexpr const char* kKey = "order_of_results";
  if (provenance().contains(kKey)) return;
  Provenance(folder_, experiment_, program_)
      .set(kKey, "as an outside program told them; proposals depend on it");
}

void OutsideRun::note_import(const std::filesystem::path& file, size_t trials) {
  Json imports = provenance().value("imports", Json::array());
  imports.push_back({{"file", std::filesystem::absolute(file).string()},
                     {"sha256", sha256(read_file(file))},
                     {"trials", trials}});
  Provenance(folder_, experiment_, program_).set("imports", imports);
}

}  // namespace nas
