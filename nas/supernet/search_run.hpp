#pragma once

#include <functional>
#include <optional>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/torch/process_group.hpp"
#include "nas/train/checkpoint.hpp"

namespace nas {

/// What the monitor was told, beside a search's own state in its checkpoint.
inline constexpr const char* kReported = "reported";

/// What a search is run with; references outlive the run.
struct SearchRun {
  const EvaluatorContext& context;
  const Assignment& assignment;
  Monitor& monitor;
  /// Follows each epoch; null: nothing does.
  std::function<void()> after_epoch;
  /// The processes that search together, all of which make the same call; the first of them alone
  /// reads and writes files. Null: one process alone.
  ProcessGroup* group = nullptr;

  bool leads() const { return group == nullptr || group->leads(); }
  /// Whether it is so in any of the processes.
  bool anywhere(bool here) const { return group == nullptr ? here : group->any(here); }
};

/// The last checkpoint in the assignment's folder.
std::optional<Checkpoint> last_checkpoint(const SearchRun& run);

/// Restores `search` from the last checkpoint in the assignment's folder, if there is one, and
/// steps it to its end, to that of the assignment's budget or until the monitor has it stop, saving
/// it from time to time, and at the end of a budget. Failure "nan" where it diverges; throws
/// Interrupted after saving. A search has done(), step(), at_epoch_end(), finite(), finish_epoch(),
/// steps_done(), epochs_done(), epochs(), checkpoint() and restore(), like DartsSearch.
template <class Search>
std::optional<Failure> run_search(Search& search, const SearchRun& run) {
  const Failure diverged{"nan", "the supernet's loss or weights are not finite numbers"};
  const Assignment& assignment = run.assignment;
  std::filesystem::create_directories(assignment.folder);
  LearningCurve curve;
  if (const auto saved = last_checkpoint(run)) {
    search.restore(*saved);
    curve = curve_from_json(saved->state.at(kReported));
    run.monitor.recall(curve);
  }
  const auto save = [&] {
    if (!run.leads()) return;
    Checkpoint checkpoint = search.checkpoint();
    checkpoint.state[kReported] = to_json(curve);
    save_checkpoint(assignment.folder, search.steps_done(), checkpoint);
  };
  CheckpointClock clock(run.context.execution.checkpoint);
  // A search may end before its last epoch, and get a longer way to go.
  const auto epochs = [&] { return last_epoch(assignment, search.epochs()); };
  while (!search.done() && search.epochs_done() < epochs()) {
    search.step();
    if (search.at_epoch_end()) {
      if (!search.finite()) return diverged;
      const Metrics metrics = search.finish_epoch();
      if (run.after_epoch && run.leads()) run.after_epoch();
      curve.push_back({search.epochs_done(), metrics});
      const Advice advice = run.monitor.report({search.epochs_done(), epochs(), "epoch", metrics});
      if (run.anywhere(advice == Advice::stop)) return std::nullopt;
    }
    if (run.anywhere(clock.due() && run.leads()) || run.anywhere(stop_requested())) {
      if (!search.finite()) return diverged;
      save();
      if (run.anywhere(stop_requested())) throw Interrupted();
    }
  }
  // What is promoted goes on from here.
  if (!search.done()) save();
  return std::nullopt;
}

}  // namespace nas
