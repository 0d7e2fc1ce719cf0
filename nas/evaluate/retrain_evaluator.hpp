#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

/// Trains a point's network on training and validation data together, then reads the test split
/// once (test_accuracy, test_loss, train_loss, train_accuracy, parameters, multiply_adds). Leaves
/// weights.safetensors and learning_curve.json in the assignment's folder.
std::unique_ptr<Evaluator> make_retrain_evaluator(const TrainConfig& config,
                                                  const EvaluatorContext& context);

}  // namespace nas
