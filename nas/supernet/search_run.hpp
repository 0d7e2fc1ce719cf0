#pragma once

#include <functional>
#include <optional>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/checkpoint.hpp"

namespace nas {

/// What the monitor was told, beside a search's own state in its checkpoint.
inline constexpr const char* kReported = "reported";

/// Restores `search` from the last checkpoint in the assignment's folder, if there is one, and
/// steps it to its end, to that of the assignment's budget or until the monitor has it stop, saving
/// it from time to time, and at the end of a budget; `after_epoch` follows each epoch. Failure
/// "nan" where it diverges; throws Interrupted after saving. A search has done(), step(),
/// at_epoch_end(), finite(), finish_epoch(), steps_done(), epochs_done(), epochs(), checkpoint()
/// and restore(), like DartsSearch.
template <class Search>
std::optional<Failure> run_search(Search& search, const EvaluatorContext& context,
                                  const Assignment& assignment, Monitor& monitor,
                                  const std::function<void()>& after_epoch) {
  const Failure diverged{"nan", "the supernet's loss or weights are not finite numbers"};
  std::filesystem::create_directories(assignment.folder);
  LearningCurve curve;
  if (const auto saved = load_checkpoint(assignment.folder, context.warn)) {
    search.restore(*saved);
    curve = curve_from_json(saved->state.at(kReported));
    monitor.recall(curve);
  }
  const auto save = [&] {
    Checkpoint checkpoint = search.checkpoint();
    checkpoint.state[kReported] = to_json(curve);
    save_checkpoint(assignment.folder, search.steps_done(), checkpoint);
  };
  CheckpointClock clock(context.execution.checkpoint);
  // A search may end before its last epoch, and get a longer way to go.
  const auto epochs = [&] { return last_epoch(assignment, search.epochs()); };
  while (!search.done() && search.epochs_done() < epochs()) {
    search.step();
    if (search.at_epoch_end()) {
      if (!search.finite()) return diverged;
      const Metrics metrics = search.finish_epoch();
      after_epoch();
      curve.push_back({search.epochs_done(), metrics});
      const Advice advice = monitor.report({search.epochs_done(), epochs(), "epoch", metrics});
      if (advice == Advice::stop) return std::nullopt;
    }
    const bool stop = stop_requested();
    if (clock.due() || stop) {
      if (!search.finite()) return diverged;
      save();
      if (stop) throw Interrupted();
    }
  }
  // What is promoted goes on from here.
  if (!search.done()) save();
  return std::nullopt;
}

}  // namespace nas
