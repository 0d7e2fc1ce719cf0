#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace nas {

/// What a program did from its start to its end.
struct FinishedProgram {
  std::string how;                 // it ended: "exit status 3", "signal 9"
  std::vector<std::string> lines;  // of its standard output
  std::string errors;              // what `error_file` holds then
  bool timed_out = false;
  bool succeeded() const { return how == "exit status 0"; }
};

/// Runs a program, named by its full path, without input and waits for its end. Its standard error
/// is appended to `error_file`. Exit status 127: it could not be started. One that has not closed
/// its output after `seconds` is killed.
FinishedProgram run_program(const std::vector<std::string>& arguments,
                            const std::filesystem::path& error_file,
                            double seconds = std::numeric_limits<double>::infinity());

}  // namespace nas
