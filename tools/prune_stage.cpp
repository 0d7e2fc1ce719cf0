#include "tools/prune_stage.hpp"

#include <fmt/core.h>

#include <map>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/stop.hpp"
#include "tools/stage_process.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;
using Say = std::function<void(const std::string&)>;

fs::path pruning_folder(const RunFolder& folder, int64_t number) {
  return folder.checkpoints() / fmt::format("prune-{:06}", number);
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
      run_stage_process(experiment, folder,
                        {"prune", folder.root().string(), "--retraining", key, "--to",
                         pruning_folder(folder, number).string()},
                        "pruning " + key, say);
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
