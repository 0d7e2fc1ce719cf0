#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "nas/run/cluster_config.hpp"

namespace nas {

/// One run as a job, or as an array of jobs that share it; all paths absolute.
struct BatchJob {
  std::string name;
  std::filesystem::path program;         // nas
  std::filesystem::path folder;          // of the run
  std::filesystem::path working_folder;  // where programs of the user's are started
  int64_t cpus = 1;
  int64_t workers = 0;  // 0: nas counts GPUs
};

/// The script that sbatch takes. It goes on with what the run's folder holds, so Slurm may start it
/// any number of times. Warned by Slurm ahead of the time limit it lets nas save its state and puts
/// its job into the queue again; ended by Slurm it only lets nas save. Its exit status is nas's.
/// Throws UsageError where Slurm cannot be told one of the paths.
std::string slurm_script(const ClusterConfig& cluster, const BatchJob& job);

}  // namespace nas
