#pragma once

#include "nas/config/component.hpp"
#include "nas/search/stopping_rule.hpp"

namespace nas {

/// Every rule of early stopping by name; `none` makes a null one. A new one is one file pair and
/// one row.
Registry<StoppingRule, const Objective&> stopping_registry();

}  // namespace nas
