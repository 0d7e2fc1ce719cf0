#pragma once

#include <filesystem>
#include <vector>

#include "nas/core/json_fwd.hpp"

namespace nas {

/// Prints what a run found: `best` is the content of best/metrics.json.
void print_summary(const Json& best, const std::filesystem::path& folder);

/// Prints mean, standard deviation, smallest and largest of every metric of several runs' bests.
void print_spread(const std::vector<Json>& results);

}  // namespace nas
