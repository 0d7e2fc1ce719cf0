#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/evaluate/zero_cost/options.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// The evaluator behind a zero-cost filter: a candidate whose score is below the (1 - keep)
/// quantile of the scores of random points of the space is Failure "constraint", which names both,
/// and is not evaluated; the others have the score among their metrics. The random points and their
/// weights depend on the options alone, so that every worker has the same threshold; points without
/// a score count as the lowest.
std::unique_ptr<Evaluator> make_screened(std::unique_ptr<Evaluator> evaluator,
                                         const ScreenOptions& options,
                                         const EvaluatorContext& context);

}  // namespace nas
