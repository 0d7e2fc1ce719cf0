#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tools/assemble.hpp"
#include "tools/program.hpp"

namespace nas {

/// Of the option --processes.
inline constexpr const char* kProcessesHelp =
    "that train one network together; 0: as many as torchrun or srun started";

/// What every command takes that goes on with a run.
struct RunOptions {
  /// 0: as the configuration says.
  int64_t workers = 0;
  /// That train a network or a supernet together; nothing: as the configuration says.
  std::optional<int64_t> processes;
  bool quiet = false;
};
/// --workers, --processes and --quiet; `options` outlives the command.
void add_run_options(CLI::App& command, RunOptions& options);

/// The folder that was asked for, or runs/NAME.
std::filesystem::path folder_or_usual(const std::string& folder, const Experiment& experiment);

/// Becomes the program with LibTorch where the searcher needs it. The numbers of workers and
/// processes are no part of what a run is: they are not written to its configuration.
void prepare_run(Experiment& experiment, const RunOptions& options, const Program& program);

/// Runs to the end and prints the summary. One of several processes that torchrun or srun started
/// to train together, and not the first, does only that.
void run_and_summarize(const Experiment& experiment, const std::filesystem::path& folder,
                       const RunOptions& options, const Program& program);

}  // namespace nas
