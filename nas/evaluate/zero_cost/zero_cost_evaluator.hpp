#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/evaluate/zero_cost/options.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// Scores points without training them: one metric a proxy (see ProxyScorer) at weights drawn from
/// the assignment's seed, and the figures of a table where the options name one; a point that is
/// not in it is a Failure.
std::unique_ptr<Evaluator> make_zero_cost(const ZeroCostOptions& options,
                                          const EvaluatorContext& context);

}  // namespace nas
