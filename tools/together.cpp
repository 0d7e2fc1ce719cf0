#include "tools/together.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "nas/core/error.hpp"
#include "tools/run_store.hpp"

namespace nas {
namespace {

/// Of the parts of a run that several processes may do: null where this run has no such part.
const TogetherConfig* retraining(const Experiment& experiment) {
  const bool apart = !experiment.retrain || experiment.retrain_evaluator;
  return apart ? nullptr : &experiment.retrain->together;
}

const TogetherConfig* searching(const Experiment& experiment) {
  return experiment.search_together ? &*experiment.search_together : nullptr;
}

int64_t processes_of(const Experiment& experiment, const TogetherConfig* config) {
  if (config == nullptr || config->processes == 1) return 1;
  if (const auto self = launched_together(experiment)) return self->count;
  return std::max<int64_t>(config->processes, 1);
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
  if (is_shared(experiment)) return std::nullopt;
  std::optional<ProcessRank> self;
  for (const TogetherConfig* config : {searching(experiment), retraining(experiment)}) {
    if (config == nullptr) continue;
    if (const auto found = launched_together(config->processes)) self = found;
  }
  return self;
}

int64_t searching_processes(const Experiment& experiment) {
  return processes_of(experiment, searching(experiment));
}

int64_t retraining_processes(const Experiment& experiment) {
  return processes_of(experiment, retraining(experiment));
}

double together_patience(const Experiment& experiment) {
  double patience = 0;
  for (const TogetherConfig* config : {searching(experiment), retraining(experiment)}) {
    if (config != nullptr) patience = std::max(patience, config->patience);
  }
  return patience;
}

void train_with_processes(Experiment& experiment, int64_t processes) {
  if (experiment.retrain) experiment.retrain->together.processes = processes;
  if (experiment.search_together) experiment.search_together->processes = processes;
}

}  // namespace nas
