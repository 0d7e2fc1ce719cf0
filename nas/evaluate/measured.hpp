#pragma once

#include <memory>

#include "nas/search/constraint.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// The evaluator with the counts of a point's network (parameters, multiply_adds) among its
/// metrics, where the space describes one. A point that breaks a constraint is a Failure of kind
/// "constraint": by its counts before it is evaluated, by other metrics after. `space` outlives the
/// evaluator.
std::unique_ptr<Evaluator> make_measured(std::unique_ptr<Evaluator> evaluator, const Space& space,
                                         Constraints constraints);

}  // namespace nas
