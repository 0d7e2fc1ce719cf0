#pragma once

#include <memory>

#include "nas/run/run_folder.hpp"
#include "nas/store/shared_store.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Whether the trials of an experiment are in a database that workers share, not in its folder.
bool is_shared(const Experiment& experiment);

/// The trials of a run, wherever they are.
std::unique_ptr<TrialStore> open_run_store(const Experiment& experiment, const RunFolder& folder,
                                           const Choices& choices, OpenMode mode);

/// The database of an experiment that is shared.
std::unique_ptr<SharedStore> open_shared_store(const Experiment& experiment,
                                               const RunFolder& folder, const Choices& choices,
                                               OpenMode mode);

/// The run's folder as this process writes to it: under its own name where others do so, too.
RunFolder folder_of_process(const Experiment& experiment, const std::filesystem::path& root);

}  // namespace nas
