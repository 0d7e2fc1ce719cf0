#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/store/shared_store.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Prints one JSON document on standard output. Throws as flush_output() does.
void print_json(const Json& json);

/// For what other programs read: throws RunError where standard output takes no more, as a full
/// disk does, which would show after the end of main alone, and there in no exit status.
void flush_output();

/// A line on standard error. Nothing changes where nobody can be told.
void tell_on_standard_error(const std::string& line);

/// Six digits, but whole numbers whole: 84.482758 -> "84.4828", 21938368 -> "21938368"
std::string format_figure(double value);

/// A run's folder opened for reading: its configuration, its space and its trials.
struct OpenedRun {
  std::filesystem::path folder;
  Experiment experiment;
  std::unique_ptr<Space> space;
  std::unique_ptr<TrialStore> store;
  /// The same where workers share it, else null.
  const SharedStore* shared = nullptr;
};

/// The configuration of the run in `folder`, with some keys set. Throws UsageError where there is
/// no run.
Experiment experiment_of_run(const std::filesystem::path& folder,
                             std::span<const std::string> overrides, const TensorParts& parts);

/// Throws UsageError where `folder` is no run's folder.
OpenedRun open_run(const std::filesystem::path& folder, const TensorParts& parts);

/// Whether a process holds the run's folder, or a worker trials of its shared store.
bool is_worked_on(const OpenedRun& run);

/// {number, point, arch, metrics}
Json best_json(const Space& space, const Trial& trial);

}  // namespace nas
