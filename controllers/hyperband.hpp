#pragma once

#include <memory>
#include <vector>

#include "controllers/bracket.hpp"
#include "controllers/halving_options.hpp"
#include "nas/search/controller.hpp"

namespace nas {

struct HyperbandOptions : HalvingOptions {};

/// The brackets of Li et al. 2018, algorithm 1, from the most exploring to plain search: for s =
/// s_max .. 0, ceil((s_max + 1) / (s + 1) * eta^s) points begin with max_budget * eta^-s.
std::vector<BracketShape> hyperband_brackets(const HalvingOptions& options,
                                             const SearchContext& context);

/// Those brackets in turn, with uniform points, screened ones first.
std::unique_ptr<Controller> make_hyperband(const HyperbandOptions& options,
                                           const SearchContext& context);

}  // namespace nas
