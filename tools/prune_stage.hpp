#pragma once

#include <functional>
#include <string>

#include "nas/core/json_fwd.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/store/trial_store.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Prunes every retrained network in a process of its own (`nas prune`), one after the other, in
/// checkpoints/prune-<number>/, and writes best/pruned/: metrics.json, and weights.safetensors of
/// the first (choosing one by its test score would tune on test data). What is done is not done
/// again. `say` hears the lines that the processes print. Returns {"prunings": [...], "mean",
/// "deviation": {"before", "after"}}. Throws RunError where a pruning fails, Interrupted after a
/// stop signal, once the state is saved.
Json run_prune_stage(const Experiment& experiment, const RunFolder& folder, TrialStore& store,
                     const std::function<void(const std::string&)>& say);

}  // namespace nas
