#pragma once

#include <cstdint>
#include <memory>

#include "controllers/halving_options.hpp"
#include "nas/search/controller.hpp"

namespace nas {

struct SuccessiveHalvingOptions : HalvingOptions {
  /// With which a bracket begins; 0: as many as leave one at max_budget.
  int64_t points = 0;
};

void describe(Section& section, SuccessiveHalvingOptions& options);

/// Successive halving (Jamieson & Talwalkar 2016; Li et al. 2018, algorithm 1, with s = s_max
/// alone): `points` uniform points, screened ones first, have min_budget, the best 1/eta of them
/// eta times as much, and so on up to max_budget; then the next bracket begins.
std::unique_ptr<Controller> make_successive_halving(const SuccessiveHalvingOptions& options,
                                                    const SearchContext& context);

}  // namespace nas
