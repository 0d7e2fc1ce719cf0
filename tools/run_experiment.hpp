#pragma once

#include <filesystem>
#include <string>

#include "tools/assemble.hpp"
#include "tools/program.hpp"

namespace nas {

enum class Output { normal, quiet };

/// Runs a whole experiment in `folder`: the search, then its stages. What the folder holds as done
/// is not done again. Throws Interrupted, with everything saved, after a stop signal. Returns the
/// content of best/metrics.json; null where the store is shared and another worker does, or did,
/// what follows the search.
Json run_experiment(const Experiment& experiment, const std::filesystem::path& folder,
                    const Program& program, Output output);

}  // namespace nas
