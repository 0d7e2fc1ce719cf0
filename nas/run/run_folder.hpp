#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nas/search/trial.hpp"

namespace nas {

/// Where everything of a run lies.
class RunFolder {
 public:
  /// `process` names who writes, where several processes on several nodes share the folder: each
  /// has its own logs then.
  explicit RunFolder(std::filesystem::path root, std::string process = {})
      : root_(std::move(root)), process_(std::move(process)) {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path config() const { return root_ / "config.yaml"; }
  std::filesystem::path store() const { return root_ / "trials.db"; }
  const std::string& process() const { return process_; }
  /// `log.jsonl`, or `log-PROCESS.jsonl`.
  std::filesystem::path log() const { return named("log", ".jsonl"); }
  /// Of all processes that ever wrote one.
  std::vector<std::filesystem::path> logs() const;
  std::filesystem::path lock() const { return root_ / "lock"; }
  std::filesystem::path report() const { return root_ / "report.html"; }
  std::filesystem::path tensorboard() const { return root_ / "tensorboard"; }
  std::filesystem::path provenance() const { return root_ / "provenance.json"; }
  /// The batch script that nas submit wrote, the number that Slurm gave its job, and the lock of
  /// those who submit.
  std::filesystem::path job_script() const { return root_ / "job.sh"; }
  std::filesystem::path job() const { return root_ / "job.json"; }
  std::filesystem::path job_lock() const { return root_ / "job.lock"; }
  std::filesystem::path worker_errors() const { return named("worker", ".log"); }
  /// Standard error of the outside programs that worker `slot` starts.
  std::filesystem::path program_errors(int64_t slot) const;
  std::filesystem::path best() const { return root_ / "best"; }
  std::filesystem::path checkpoints() const { return root_ / "checkpoints"; }
  /// Of one trial (`trial-000012`) or one retraining (`retrain-000000`).
  std::filesystem::path checkpoints(Job job, int64_t number) const;
  /// Where one of several workers evaluates a trial, until the trial has ended:
  /// `trial-000012.attempt-3`.
  std::filesystem::path attempt(int64_t number, int64_t attempt) const;

  /// Makes the folder with its configuration, also where other processes do so at the same time. A
  /// folder that holds this very run is taken as it is; throws UsageError where it holds another
  /// run or something else.
  void create(const std::string& resolved_config) const;

 private:
  void create_at_once(const std::string& resolved_config) const;
  std::filesystem::path named(const std::string& name, const std::string& extension) const;

  std::filesystem::path root_;
  std::string process_;
};

}  // namespace nas
