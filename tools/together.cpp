#include "tools/together.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "nas/core/error.hpp"
#include "tools/run_store.hpp"

namespace nas {
namespace {

bool retrains_together(const Experiment& experiment) {
  return experiment.retrain && !experiment.retrain_evaluator;
}

}  // namespace

std::optional<ProcessRank> launched_together(int64_t processes) {
  if (processes == 1) return std::nullopt;
  auto self = launched_rank([](const char* name) { return std::getenv(name); });
  if (!self || self->count == 1) return std::nullopt;
  if (processes > 0 && processes != self->count) {
    throw UsageError(
        fmt::format("processes: found {}, but torchrun or srun started {}; 0 takes as "
                    "many as there are",
                    processes, self->count));
  }
  return self;
}

std::optional<ProcessRank> launched_together(const Experiment& experiment) {
  // Those that share a store are workers, each for itself.
  if (!retrains_together(experiment) || is_shared(experiment)) return std::nullopt;
  return launched_together(experiment.retrain->together.processes);
}

int64_t retraining_processes(const Experiment& experiment) {
  if (!retrains_together(experiment)) return 1;
  if (const auto self = launched_together(experiment)) return self->count;
  return std::max<int64_t>(experiment.retrain->together.processes, 1);
}

}  // namespace nas
