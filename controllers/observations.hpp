#pragma once

#include <optional>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// A point that was tried, for controllers that fit a model to all of them.
struct Observation {
  Point point;
  std::optional<double> utility;  // nothing where the trial failed
};
using Observations = std::vector<Observation>;

/// The utility; of a failed trial less than any.
double worth(const Observation& observation);

/// normal_scores() of their worths.
std::vector<double> scores(const Observations& observations);

Json to_json(const Observations& observations);
/// The reverse; throws InputError where a point is not one of `choices`.
Observations observations_from_json(const Choices& choices, const Json& json);

}  // namespace nas
