#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/evaluate/team.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/retrain_config.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

/// Trains a point's network on training and validation data together, then reads the test split
/// once (test_accuracy, test_loss, train_loss, train_accuracy, parameters, multiply_adds). Leaves
/// weights.safetensors and learning_curve.json in the assignment's folder.
///
/// Where the configuration asks for a temperature or a threshold, networks are first trained
/// without validation data, and the rule is fitted to what they say of these. The test's decision
/// metrics are then those at the temperature, with the threshold's own
/// (test_sensitivity_at_threshold,
/// ...), and temperature and threshold themselves.
std::unique_ptr<Evaluator> make_retrain_evaluator(const TrainConfig& config,
                                                  const EvaluatorContext& context);

/// The same with several processes. `team` outlives the evaluator.
std::unique_ptr<Evaluator> make_retrain_evaluator(const RetrainConfig& config,
                                                  const EvaluatorContext& context, Team& team);

}  // namespace nas
