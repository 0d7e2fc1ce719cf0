#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <thread>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/run/slurm.hpp"
#include "tools/cluster_job.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

/// Slurm lets a job save its state for KillWait, 30 s by default, before it kills it.
constexpr double kSecondsToEnd = 90;

SlurmJob wait_for_end(const std::string& number) {
  const double end = steady_seconds() + kSecondsToEnd;
  SlurmJob job = slurm_job(number);
  while (!job.over() && steady_seconds() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    job = slurm_job(number);
  }
  return job;
}

void cancel(const std::filesystem::path& root) {
  const RunFolder folder(root);
  const auto number = job_of(folder);
  if (!number) throw UsageError(root.string() + ": no job here (nas submit made none)");
  SlurmJob job = slurm_job(*number);
  if (!job.over()) {
    slurm_cancel(*number);
    job = wait_for_end(*number);
  }
  if (!job.over()) {
    throw RunError(
        fmt::format("{}, {} s after it was cancelled", job_text(*number, job), kSecondsToEnd));
  }
  fmt::print("{}; nas resume {} or nas submit go on\n", job_text(*number, job), root.string());
}

}  // namespace

void add_cancel(CLI::App& app, const Program&, int&) {
  auto* command = app.add_subcommand("cancel", "End the job of a run and wait until it has saved");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "a run's folder")->required();
  command->callback([folder] { cancel(*folder); });
}

}  // namespace nas
