#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "nas/core/json_fwd.hpp"
#include "nas/search/goal.hpp"

namespace nas {

/// When a trial is not worth going on with: fixed as it is proposed, so that it depends neither on
/// the number of workers nor on who is faster.
struct Cutoffs {
  std::string metric;
  Goal goal = Goal::maximize;
  /// By step, the value of the metric that the trial's best one so far must not be worse than.
  std::map<int64_t, double> at;
  bool operator==(const Cutoffs&) const = default;
};

/// Whether a trial whose best value so far is `best` stops after `step`.
bool falls_short(const Cutoffs& cutoffs, int64_t step, double best);

/// {"metric", "goal", "at": [[step, value]...]}
Json to_json(const Cutoffs& cutoffs);
/// Throws Json::exception where it is something else.
Cutoffs cutoffs_from_json(const Json& json);

}  // namespace nas
