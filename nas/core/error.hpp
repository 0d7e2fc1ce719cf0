#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace nas {

/// What the program tells its caller when it ends; fixed, scripts depend on it.
enum class ExitStatus : int { success = 0, run_failed = 1, wrong_use = 2, interrupted = 75 };

/// An exception means that the run cannot go on. A candidate that failed is a value, see Failure.
class Error : public std::runtime_error {
 public:
  Error(ExitStatus status, const std::string& message)
      : std::runtime_error(message), status_(status) {}
  ExitStatus status() const noexcept { return status_; }

 private:
  ExitStatus status_;
};

/// The command line is wrong.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message) : Error(ExitStatus::wrong_use, message) {}
};

/// A configuration has mistakes; all of them are in the message, a line each, `file:line:column:
/// ...`.
class ConfigError : public Error {
 public:
  explicit ConfigError(std::vector<std::string> diagnostics);
  const std::vector<std::string>& diagnostics() const noexcept { return diagnostics_; }

 private:
  std::vector<std::string> diagnostics_;
};

/// A file or text from outside is malformed. The message names it, what was found and expected.
class InputError : public Error {
 public:
  explicit InputError(const std::string& message) : Error(ExitStatus::wrong_use, message) {}
};

/// The run failed: disk full, store broken, run folder locked by another process.
class RunError : public Error {
 public:
  explicit RunError(const std::string& message) : Error(ExitStatus::run_failed, message) {}
};

/// A signal asked to stop; the state is saved and the same command goes on from it.
class Interrupted : public Error {
 public:
  Interrupted() : Error(ExitStatus::interrupted, "interrupted; the state is saved") {}
};

}  // namespace nas
