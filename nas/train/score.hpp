#pragma once

#include <string>

#include "nas/core/decision_metrics.hpp"
#include "nas/data/dataset.hpp"
#include "nas/search/trial.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

/// {"<split>_accuracy": percent, "<split>_loss": mean cross entropy} of a network in evaluation
/// mode; leaves it in that mode. For two classes, and where the configuration gives costs, those of
/// decision_metrics, too ("<split>_roc_auc"). Throws InputError where costs are of another number
/// of classes. Nothing where there are no examples.
Metrics score(Network& network, const Examples& examples, const Normalization& normalization,
              const TrainConfig& config, const std::string& split);

/// What a network in evaluation mode says of examples; leaves it in that mode.
Decisions decide(Network& network, const Examples& examples, const Normalization& normalization,
                 const TrainConfig& config);

}  // namespace nas
