#pragma once

#include <filesystem>
#include <string>

namespace nas {

/// Slurm through its own commands in PATH. All throw UsageError where the command is not there, and
/// RunError with Slurm's message where it refuses or does not answer.

/// What Slurm says of a job.
struct SlurmJob {
  std::string state;   // "PENDING", "RUNNING", "CANCELLED"; empty: Slurm has forgotten the job
  std::string nodes;   // empty: none yet
  std::string reason;  // why it waits or ended: "Priority"; "None" where Slurm gives none

  /// Neither queued nor running, nor about to be.
  bool over() const;
};

/// Throws UsageError where Slurm's commands are not there.
void require_slurm();

/// Submits a batch script; returns the job's number.
std::string slurm_submit(const std::filesystem::path& script);
SlurmJob slurm_job(const std::string& number);
/// Has a job ended: first TERM, with which nas saves its state.
void slurm_cancel(const std::string& number);

}  // namespace nas
