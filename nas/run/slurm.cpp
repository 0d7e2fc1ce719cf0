#include "nas/run/slurm.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "nas/config/locate.hpp"
#include "nas/core/error.hpp"
#include "nas/core/finished_program.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr double kSecondsToAnswer = 60;

/// Where a command's standard error goes; not into the run's folder, which may not be ours to
/// write.
class ErrorFile {
 public:
  ErrorFile()
      : path_(std::filesystem::temp_directory_path() / fmt::format("nas-slurm-{}", ::getpid())) {}
  ~ErrorFile() {
    std::error_code error;
    std::filesystem::remove(path_, error);
  }
  ErrorFile(const ErrorFile&) = delete;
  ErrorFile& operator=(const ErrorFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string require(const std::string& command) {
  const auto path = program_in_path(command);
  if (path.empty()) {
    throw UsageError(command + ": not in PATH; nas speaks to Slurm where its commands are");
  }
  return path.string();
}

FinishedProgram ask(std::vector<std::string> arguments) {
  const std::string name = arguments.front();
  arguments.front() = require(name);
  const ErrorFile errors;
  FinishedProgram answer = run_program(arguments, errors.path(), kSecondsToAnswer);
  if (answer.timed_out) {
    throw RunError(fmt::format("{}: no answer within {} s", name, kSecondsToAnswer));
  }
  while (!answer.errors.empty() && answer.errors.back() == '\n') answer.errors.pop_back();
  return answer;
}

[[noreturn]] void fail(const std::string& name, const FinishedProgram& answer) {
  throw RunError(fmt::format("{}: {}", name, answer.errors.empty() ? answer.how : answer.errors));
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// A line of squeue: state, nodes and reason.
SlurmJob job_in(const std::string& line) {
  const size_t first = line.find('|');
  const size_t second = first == line.npos ? line.npos : line.find('|', first + 1);
  if (second == line.npos) {
    throw RunError(fmt::format("squeue: found '{}', expected state, nodes and reason", line));
  }
  return {line.substr(0, first), line.substr(first + 1, second - first - 1),
          line.substr(second + 1)};
}

}  // namespace

bool SlurmJob::over() const {
  static constexpr std::array<std::string_view, 11> kEnded{
      "",        "BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
      "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED"};
  return std::find(kEnded.begin(), kEnded.end(), state) != kEnded.end();
}

void require_slurm() {
  for (const char* command : {"sbatch", "squeue", "scancel"}) require(command);
}

std::string slurm_submit(const std::filesystem::path& script) {
  const auto answer = ask({"sbatch", "--parsable", script.string()});
  if (!answer.succeeded()) fail("sbatch", answer);
  // "12", or "12;cluster" where there are several.
  const std::string line = answer.lines.empty() ? "" : answer.lines.back();
  std::string number = line.substr(0, line.find(';'));
  if (!is_number(number)) {
    throw RunError(
        fmt::format("sbatch: found '{}', expected the number of a job", printable(line)));
  }
  return number;
}

SlurmJob slurm_job(const std::string& number) {
  const auto answer =
      ask({"squeue", "--noheader", "--states=all", "--jobs=" + number, "--format=%T|%N|%r"});
  const bool forgotten = answer.errors.find("Invalid job id") != std::string::npos;
  if (!answer.succeeded() && !forgotten) fail("squeue", answer);
  SlurmJob job;
  for (const auto& line : answer.lines) {
    const SlurmJob one = job_in(printable(line));
    // The jobs of an array: what one of them still does is what all of them do.
    if (job.over() || one.state == "RUNNING") {
      job.state = one.state;
      job.reason = one.reason;
    }
    if (!one.nodes.empty() && !one.over()) job.nodes += (job.nodes.empty() ? "" : ",") + one.nodes;
    if (answer.lines.size() == 1) job.nodes = one.nodes;
  }
  return job;
}

void slurm_cancel(const std::string& number) {
  const auto answer = ask({"scancel", number});
  if (!answer.succeeded()) fail("scancel", answer);
}

}  // namespace nas
