#pragma once

#include <memory>

#include "controllers/halving_options.hpp"
#include "nas/search/controller.hpp"

namespace nas {

struct AshaOptions : HalvingOptions {};

/// Asynchronous successive halving, Li et al. 2020, algorithm 2: a point that is among the best
/// 1/eta of its rung is promoted at once, from the highest rung that has one; else a new point
/// starts at the bottom. Points are uniform, screened ones first.
std::unique_ptr<Controller> make_asha(const AshaOptions& options, const SearchContext& context);

}  // namespace nas
