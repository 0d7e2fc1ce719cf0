#include "tools/prune_stage.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <csignal>
#include <map>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/stop.hpp"
#include "nas/core/subprocess.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;
using Say = std::function<void(const std::string&)>;

constexpr double kSecondsToEnd = 30;  // after its output was closed

fs::path pruning_folder(const RunFolder& folder, int64_t number) {
  return folder.root() / "checkpoints" / fmt::format("prune-{:06}", number);
}

Subprocess::Command command_of(const Experiment& experiment, const RunFolder& folder,
                               int64_t number) {
  const std::string threads = std::to_string(experiment.config.execution.threads);
  return {{tensor_program().string(), "prune", folder.root().string(), "--retraining",
           std::to_string(number), "--to", pruning_folder(folder, number).string()},
          {{"OMP_NUM_THREADS", threads}, {"OMP_WAIT_POLICY", "passive"}},
          folder.worker_errors()};
}

/// Runs one pruning to its end; passes a stop signal on, upon which it saves its state.
void prune_in_process(const Experiment& experiment, const RunFolder& folder, int64_t number,
                      const Say& say) {
  Subprocess process(command_of(experiment, folder, number));
  process.close_input();
  bool told = false;
  for (bool open = true; open;) {
    if (stop_requested() && !told) {
      process.send_signal(SIGTERM);
      told = true;
    }
    pollfd output{process.output(), POLLIN, 0};
    ::poll(&output, 1, 200);
    open = process.read_available();
    while (const auto line = process.take_line()) say(fmt::format("pruning {}: {}", number, *line));
  }
  process.wait_for_end(kSecondsToEnd);
  if (stop_requested()) throw Interrupted();
  if (process.ended_well()) return;
  throw RunError(fmt::format("pruning {} failed ({}); see {}", number, process.kill_and_describe(),
                             folder.worker_errors().string()));
}

/// {"before": {name: value}, "after": ...} of each -> the same of `statistic` over all.
Json over_all(const std::vector<Json>& prunings,
              double (*statistic)(std::span<const double> values)) {
  Json result = Json::object();
  for (const char* when : {"before", "after"}) {
    std::map<std::string, std::vector<double>> values;
    for (const Json& pruning : prunings) {
      for (const auto& [name, value] : pruning[when].items()) {
        values[name].push_back(value.get<double>());
      }
    }
    for (const auto& [name, list] : values) result[when][name] = statistic(list);
  }
  return result;
}

}  // namespace

Json run_prune_stage(const Experiment& experiment, const RunFolder& folder, TrialStore& store,
                     const Say& say) {
  Json done = Json::parse(store.get("prune").value_or("{}"));
  std::vector<Json> prunings;
  for (int64_t number = 0; number < experiment.retrain->seeds; ++number) {
    if (stop_requested()) throw Interrupted();
    const std::string key = std::to_string(number);
    if (!done.contains(key)) {
      prune_in_process(experiment, folder, number, say);
      done[key] = Json::parse(read_file(pruning_folder(folder, number) / "metrics.json"));
      done[key].erase("identity");
      store.put("prune", done.dump());
    }
    prunings.push_back(done[key]);
  }
  Json result = {{"prunings", prunings},
                 {"mean", over_all(prunings, mean)},
                 {"deviation", over_all(prunings, standard_deviation)}};
  const fs::path target = folder.best() / "pruned";
  fs::create_directories(target);
  write_file_atomically(target / "metrics.json", result.dump(2) + "\n");
  write_file_atomically(target / "weights.safetensors",
                        read_file(pruning_folder(folder, 0) / "weights.safetensors"));
  return result;
}

}  // namespace nas
