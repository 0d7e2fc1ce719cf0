#include "tools/output.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/run_store.hpp"

namespace nas {

void print_json(const Json& json) {
  // What a dying worker wrote last may be no UTF-8.
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  flush_output();
}

void flush_output() {
  if (std::fflush(stdout) != 0) {
    throw RunError(fmt::format("standard output: {}", std::strerror(errno)));
  }
}

void tell_on_standard_error(const std::string& line) {
  std::fputs((line + "\n").c_str(), stderr);  // fmt::print would throw
}

std::string format_figure(double value) {
  constexpr double kExact = 1e15;  // whole numbers below it are
  const bool whole = std::abs(value) < kExact && value == std::floor(value);
  return whole ? fmt::format("{:.0f}", value) : fmt::format("{:.6g}", value);
}

Experiment experiment_of_run(const std::filesystem::path& folder,
                             std::span<const std::string> overrides, const TensorParts& parts) {
  const auto config = RunFolder(folder).config();
  if (!std::filesystem::exists(config)) {
    throw UsageError(fmt::format("{}: no run here (config.yaml is missing)", folder.string()));
  }
  return read_experiment(config, overrides, parts);
}

OpenedRun open_run(const std::filesystem::path& folder, const TensorParts& parts) {
  OpenedRun run{folder, experiment_of_run(folder, {}, parts), nullptr, nullptr};
  run.space = run.experiment.make_space();
  const RunFolder files(folder);
  if (is_shared(run.experiment)) {
    auto shared =
        open_shared_store(run.experiment, files, run.space->choices(), OpenMode::read_only);
    run.shared = shared.get();
    run.store = std::move(shared);
  } else {
    run.store = open_sqlite_store(files.store(), run.space->choices(), OpenMode::read_only);
  }
  return run;
}

bool is_worked_on(const OpenedRun& run) {
  if (run.shared != nullptr) return run.shared->busy();
  return is_locked(RunFolder(run.folder).lock());
}

Json best_json(const Space& space, const Trial& trial) {
  return {{"number", trial.number},
          {"point", to_json(space.choices(), *trial.point)},
          {"arch", space.text(*trial.point)},
          {"metrics", Json(trial.metrics)}};
}

}  // namespace nas
