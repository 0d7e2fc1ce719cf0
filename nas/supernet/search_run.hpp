#pragma once

#include <functional>
#include <optional>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/checkpoint.hpp"

namespace nas {

/// Restores `search` from the last checkpoint in the assignment's folder, if there is one, and
/// steps it to its end, saving it from time to time; `after_epoch` follows each epoch. Failure
/// "nan" where it diverges; throws Interrupted after saving. A search has done(), step(),
/// at_epoch_end(), finite(), finish_epoch(), steps_done(), epochs_done(), epochs(), checkpoint()
/// and restore(), like DartsSearch.
template <class Search>
std::optional<Failure> run_search(Search& search, const EvaluatorContext& context,
                                  const Assignment& assignment, Monitor& monitor,
                                  const std::function<void()>& after_epoch) {
  const Failure diverged{"nan", "the supernet's loss or weights are not finite numbers"};
  std::filesystem::create_directories(assignment.folder);
  if (const auto saved = load_checkpoint(assignment.folder, context.warn)) search.restore(*saved);
  CheckpointClock clock(context.execution.checkpoint);
  while (!search.done()) {
    search.step();
    if (search.at_epoch_end()) {
      if (!search.finite()) return diverged;
      const Metrics metrics = search.finish_epoch();
      after_epoch();
      monitor.report({search.epochs_done(), search.epochs(), "epoch", metrics});
    }
    const bool stop = stop_requested();
    if (clock.due() || stop) {
      if (!search.finite()) return diverged;
      save_checkpoint(assignment.folder, search.steps_done(), search.checkpoint());
      if (stop) throw Interrupted();
    }
  }
  return std::nullopt;
}

}  // namespace nas
