#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "nas/search/objective.hpp"
#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// What a controller wants tried next. A supernet job has no point: it derives one.
struct Proposal {
  Job job = Job::evaluate;
  std::optional<Point> point;
  Budget budget = 0;
  /// The trial that this one is promoted from: it goes on from that one's saved state, with its
  /// seed, so that it ends as if it had had the whole budget at once. Told before.
  std::optional<int64_t> continues = std::nullopt;
};

/// Picks points from recorded scores. It sees flat choices and scores, never an operation or a
/// tensor. The run loop calls ask(0), ask(1), ... and, between them, tell() with each finished
/// trial strictly in trial order; ask(n) is called when exactly the trials 0 .. n - lag were told
/// (lag at least 1), so that proposals do not depend on the number of workers.
class Controller {
 public:
  virtual ~Controller() = default;

  /// Proposes trial `number`; nothing where there is nothing left to propose before more results
  /// come, or at all. Random numbers are keyed by `number`. Does not block.
  virtual std::optional<Proposal> ask(int64_t number) = 0;
  /// A complete, stopped or failed trial.
  virtual void tell(const Trial& trial) = 0;

  /// Points that a screening of the space liked, the best first, each once; comes before the first
  /// ask, and again before load(). For controllers that start from points of their own choosing;
  /// the others ignore it.
  virtual void warm_start(std::span<const Point> /*best_first*/) {}

  /// Whether trial `number`, told or not, may still be continued by a proposal to come. The state
  /// of others is thrown away; one that is continued none the less starts over, to the same result.
  virtual bool may_continue(int64_t /*number*/) const { return false; }
  /// The largest budget that it proposes; 0: only the evaluator's own.
  virtual Budget largest_budget() const { return 0; }

  /// The whole state as bytes; a fresh controller that loads them goes on bit for bit.
  virtual std::string save() const = 0;
  virtual void load(std::string_view bytes) = 0;
};

/// What every controller is made from. References outlive the controller.
struct SearchContext {
  const Space& space;
  const Objectives& objectives;
  uint64_t seed = 0;
  /// What the evaluator spends on a trial without a budget; 0: not known.
  Budget own_budget = 0;
};

}  // namespace nas
