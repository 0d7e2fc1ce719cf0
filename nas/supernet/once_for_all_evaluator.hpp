#pragma once

#include <memory>

#include "controllers/once_for_all.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// Trains the network that all points of the context's space share by progressive shrinking
/// (Job::supernet); no point is derived. Metrics, none of them an objective of candidates:
/// supernet_train_loss (mean over the last epoch), supernet_phase, and percent of the validation
/// split that the largest and the smallest network label rightly (supernet_largest_accuracy,
/// supernet_smallest_accuracy). The assignment's folder gets checkpoints, learning_curve.json, and
/// at the end supernet.safetensors, which evaluator one_shot scores
/// points with. Failures: "nan", "oom".
/// Throws UsageError for a space whose largest network does not hold all others.
std::unique_ptr<Evaluator> make_once_for_all_evaluator(const OnceForAllOptions& options,
                                                       const EvaluatorContext& context);

}  // namespace nas
