#pragma once

#include <filesystem>
#include <vector>

#include "nas/run/outside_search.hpp"
#include "nas/search/objective.hpp"

namespace nas {

/// Reads known trials out of a CSV file whose header names choices and metrics, one trial a line. A
/// cell of a choice that is not active is empty; choices of one option need no column; cells of
/// metrics that are no objectives may be empty. Throws ConfigError with every bad cell as
/// `file:line:column: name: found ..., expected ...`.
std::vector<KnownTrial> read_known_trials(const std::filesystem::path& file, const Choices& choices,
                                          const Objectives& objectives);

}  // namespace nas
