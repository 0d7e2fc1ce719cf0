#include "nas/evaluate/training_run.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/train/checkpoint.hpp"

namespace nas {

bool all_finite(const Metrics& metrics) {
  return std::all_of(metrics.begin(), metrics.end(),
                     [](const auto& entry) { return std::isfinite(entry.second); });
}

Failure diverged() { return {"nan", "the loss or the weights are not finite numbers"}; }

std::optional<Failure> run_training(Training& training, int64_t epochs,
                                    const CheckpointConfig& checkpoints,
                                    const std::filesystem::path& folder, Monitor& monitor) {
  CheckpointClock clock(checkpoints);
  while (training.epochs_done() < epochs) {
    training.step();
    if (training.at_epoch_end()) {
      if (!training.finite()) return diverged();
      const Metrics metrics = training.finish_epoch();
      if (!all_finite(metrics)) return diverged();
      const Advice advice = monitor.report({training.epochs_done(), epochs, "epoch", metrics});
      if (training.anywhere(advice == Advice::stop)) return std::nullopt;
    }
    const bool stop = training.anywhere(stop_requested());
    if (training.leads() && (clock.due() || stop)) {
      if (!training.finite()) return diverged();
      save_checkpoint(folder, training.steps_done(), training.checkpoint());
    }
    if (stop) throw Interrupted();
  }
  return std::nullopt;
}

}  // namespace nas
