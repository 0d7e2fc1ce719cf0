#pragma once

#include <cstdint>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/run/launcher.hpp"
#include "nas/run/observer.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/search/space.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// References outlive the stage.
struct StageParts {
  TrialStore& store;
  Launcher& launcher;
  RunObserver& observer;
  const RunFolder& folder;
};

/// Trains `best`'s point from scratch with `seeds` seeds derived from `seed`, each on training and
/// validation data and tested once at its end. What is done is kept in the store and not done
/// again. Returns the metrics by seed. Throws RunError where a training fails, Interrupted after a
/// stop signal.
std::vector<Metrics> run_retraining(const StageParts& parts, const Trial& best, uint64_t seed,
                                    int64_t seeds);

/// Writes best/: point.json, arch.txt, metrics.json and weights.safetensors: those of the first
/// retraining (choosing one by its test score would tune on test data), or of the trial itself
/// where there was none.
void write_best(const Space& space, const RunFolder& folder, const Trial& best,
                const std::vector<Metrics>& retrained);

/// {"trial", "arch", "metrics", "retrain": [metrics...], "mean": {...}, "deviation": {...}}
Json best_metrics(const Space& space, const Trial& best, const std::vector<Metrics>& retrained);

}  // namespace nas
