#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

/// Trains a point's network on the training split and scores it on the validation split
/// (validation_accuracy, validation_loss, train_loss, train_accuracy, parameters, multiply_adds).
/// A budget says after which epoch to stop; the schedules are those of all epochs, and the state is
/// kept for going on. Leaves weights.safetensors and learning_curve.json in the assignment's
/// folder.
std::unique_ptr<Evaluator> make_train_evaluator(const TrainConfig& config,
                                                const EvaluatorContext& context);

}  // namespace nas
