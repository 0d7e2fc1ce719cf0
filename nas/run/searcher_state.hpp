#pragma once

#include "nas/core/json_fwd.hpp"
#include "nas/search/controller.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// What a search keeps in its store beside the trials: the controller, and where the search stands
/// with it. Both are written in the transaction that adds the trials which came of them.
void save_searcher(TrialStore& store, const Controller& controller, const Json& place);

/// Gives a fresh controller its state back and returns the place; null where none was saved. Throws
/// RunError where the store lacks one of the two.
Json load_searcher(const TrialStore& store, Controller& controller);

/// The place that load_searcher returns, where there is no need of a controller.
Json searcher_place(const TrialStore& store);

}  // namespace nas
