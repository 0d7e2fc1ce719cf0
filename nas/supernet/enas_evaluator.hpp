#pragma once

#include <memory>

#include "controllers/enas.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// Trains shared weights and the policy that draws from them, and derives a point (Job::supernet;
/// see EnasSearch). A budget is the number of epochs, in place of the options'. Metrics, none of
/// them an objective of candidates, are those of EnasSearch after the last epoch. The assignment's
/// folder gets checkpoints, learning_curve.json and supernet.safetensors, so that evaluator
/// one_shot can score the derived point. Failures: "nan", "oom". Throws UsageError for a space
/// whose points share no weights.
std::unique_ptr<Evaluator> make_enas_evaluator(const EnasOptions& options,
                                               const EvaluatorContext& context);

}  // namespace nas
