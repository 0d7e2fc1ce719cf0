#pragma once

#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/reinforce/cooling_options.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// Has the point's network learn, as policy, to cool a data hall in the training weeks, then lets
/// it run the validation weeks without noise. Parameters of the point are options of PPO. Metrics,
/// each `validation_...`: cooling_energy (kWh), saving and saving_over_fixed (percent below trim
/// and respond, and below fixed set points), minutes_outside ASHRAE's inlet range, minutes_over (of
/// these, more than trim and respond has) and score: saving less one a minute over. Beside them
/// train_reward, train_breach and penalty of the last iteration. Leaves weights.safetensors and
/// learning_curve.json in the assignment's folder.
std::unique_ptr<Evaluator> make_cooling_evaluator(const CoolingOptions& options,
                                                  const EvaluatorContext& context);

/// The same, learning in training and validation weeks; the metrics are `test_...`, of the test
/// weeks, which nothing else reads.
std::unique_ptr<Evaluator> make_cooling_test(const CoolingOptions& options,
                                             const EvaluatorContext& context);

}  // namespace nas
