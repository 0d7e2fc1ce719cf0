#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

/// For searches whose work is the training of a supernet: proposes `supernets` such jobs, then each
/// different point that they derived once for evaluation.
std::unique_ptr<Controller> make_derived_points(int64_t supernets, const SearchContext& context);

}  // namespace nas
