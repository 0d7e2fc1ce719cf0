#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "controllers/darts.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// Names of the figures that the guard reads; dominant_eigenvalue only where it is followed.
inline constexpr const char* kEigenvalue = "dominant_eigenvalue";
inline constexpr const char* kSkipConnections = "skip_connections";

/// Given the metrics of every epoch so far, the index of the one whose architecture should be taken
/// because the search has collapsed since; nothing while it has not. `epochs` ends where the search
/// ended.
std::optional<size_t> collapsed_after(std::span<const Metrics> epochs, const CollapseGuard& guard);

}  // namespace nas
