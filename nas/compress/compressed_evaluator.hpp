#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/fine_tune_config.hpp"

namespace nas {

/// Evaluators of points that say how their networks are made smaller (nas/search/compression.hpp):
/// a network is trained whole, loses in every group of channels those with the least first-order
/// effect on the loss, and goes on training with its weights on their grids. What is scored has its
/// weights rounded, its values not. They leave weights.safetensors, whose metadata say which
/// channels are `kept` and the `bits` of layers' weights, and the whole network's
/// learning_curve.json. An evaluation that is told to stop early gives the whole network's score.
/// A training that was interrupted goes on from its last checkpoint.
///
/// On the training split, scored on the validation split, as make_train_evaluator() does it.
std::unique_ptr<Evaluator> make_compressed_train_evaluator(const CompressedTrainConfig& config,
                                                           const EvaluatorContext& context);

/// On training and validation data, scored on the test split, which is read once at the end.
std::unique_ptr<Evaluator> make_compressed_retrain_evaluator(const CompressedTrainConfig& config,
                                                             const EvaluatorContext& context);

}  // namespace nas
