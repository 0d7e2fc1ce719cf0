#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tools/assemble.hpp"
#include "tools/program.hpp"

namespace nas {

/// What every command takes that goes on with a run.
struct RunOptions {
  /// 0: as the configuration says.
  int64_t workers = 0;
  bool quiet = false;
};
/// --workers and --quiet; `options` outlives the command.
void add_run_options(CLI::App& command, RunOptions& options);

/// The folder that was asked for, or runs/NAME.
std::filesystem::path folder_or_usual(const std::string& folder, const Experiment& experiment);

/// Becomes the program with LibTorch where the searcher needs it. The number of workers is no part
/// of what a run is: it is not written to its configuration.
void prepare_run(Experiment& experiment, const RunOptions& options, const Program& program);

/// Runs to the end and prints the summary.
void run_and_summarize(const Experiment& experiment, const std::filesystem::path& folder,
                       const RunOptions& options, const Program& program);

}  // namespace nas
