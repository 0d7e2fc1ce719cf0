#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nas {

/// One of the processes that do one thing together, and where they find each other.
struct ProcessRank {
  int64_t rank = 0;        // 0 .. count - 1; the first leads
  int64_t count = 1;       // of all machines together
  int64_t local_rank = 0;  // among those of this machine
  std::string host;        // the first one's
  uint16_t port = 0;
  /// The place where they meet is served by who started them, not by the first of them.
  bool meeting_served = false;
  /// Tells this start from an earlier one that met at the same place.
  std::string attempt = "0";
};

/// The value of an environment variable; null where it is not set.
using EnvironmentLookup = std::function<const char*(const char* name)>;

/// Which of several processes this is, as torchrun (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR,
/// MASTER_PORT) or Slurm's srun (SLURM_PROCID, SLURM_STEP_NUM_TASKS, SLURM_LOCALID and the nodes of
/// the step or of the job) say; nothing where neither started this process. A batch script knows
/// SLURM_PROCID and SLURM_NTASKS, too, and is the only one that runs. MASTER_ADDR and MASTER_PORT
/// go before what Slurm says. Throws UsageError for values that are not numbers or do not fit.
std::optional<ProcessRank> launched_rank(const EnvironmentLookup& lookup);

/// The first host of Slurm's list: "node[07-09,12],login" -> "node07". Throws UsageError.
std::string first_host(std::string_view nodes);

}  // namespace nas
