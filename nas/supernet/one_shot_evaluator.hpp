#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/one_shot_config.hpp"

namespace nas {

/// Scores points by weights that they share (Guo et al. 2020; Li & Talwalkar 2019 with random
/// search). A supernet job, the first of the search, trains them (a budget is its number of epochs)
/// and leaves supernet.safetensors and learning_curve.json in its folder; its metrics are
/// supernet_train_loss and supernet_train_accuracy, and it derives no point. To evaluate a point is
/// to recalibrate its batch norms and read the validation split: validation_accuracy,
/// validation_loss. Failures: "nan", "oom", "error". Throws UsageError for a space whose points
/// share no weights.
std::unique_ptr<Evaluator> make_one_shot_evaluator(const OneShotConfig& config,
                                                   const EvaluatorContext& context);

}  // namespace nas
