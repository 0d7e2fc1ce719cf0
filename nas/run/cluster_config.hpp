#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nas {

class Section;

/// `cluster:`, where `nas submit` runs an experiment. Nothing in it decides a result.
struct ClusterConfig {
  std::string partition;             // empty: the cluster's usual one
  std::string account;               // empty: the user's usual one
  double time = 0;                   // seconds; 0: what the partition allows
  int64_t workers = 1;               // jobs that share the search, each as nas worker
  int64_t gpus = 0;                  // of one job
  std::string gpu_type;              // as the cluster names it; empty: any
  int64_t cpus = 0;                  // 0: as many as the workers use
  int64_t memory = 0;                // MiB; 0: what the cluster gives a job that does not say
  int64_t signal_lead = 120;         // seconds from Slurm's warning to the time limit
  std::vector<std::string> options;  // further #SBATCH options, as sbatch reads them
  std::vector<std::string> setup;    // shell lines before the run, `module load` among them

  /// Whether the job's memory is said, here or by an option; Slurm may give it the node's
  /// otherwise.
  bool says_memory() const;
};

void describe(Section& section, ClusterConfig& config);

}  // namespace nas
