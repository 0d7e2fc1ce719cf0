#pragma once

#include <memory>

#include "controllers/darts.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// Trains the supernet of the context's space by differentiable search and derives a point
/// (Job::supernet). A budget is the number of epochs, in place of the options'. The training split
/// is halved between weights and architecture; the validation split only scores the supernet (where
/// it is empty the architecture half does, as in the published code). Metrics, none of them an
/// objective of candidates: supernet_train_loss, supernet_architecture_loss (means over the last
/// epoch), supernet_validation_accuracy (percent), and those of architecture_metrics. The
/// assignment's folder gets checkpoints and architecture.json, the mixture weights after every
/// epoch. Failures: "nan", "oom".
/// Where the context has a team, its processes search together. Throws UsageError for a space
/// without supernet.
std::unique_ptr<Evaluator> make_darts_evaluator(const DartsOptions& options,
                                                const EvaluatorContext& context);

}  // namespace nas
