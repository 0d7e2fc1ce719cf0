#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nas/train/training.hpp"
#include "tools/tensor_team.hpp"

namespace nas {

/// The processes of `nas train`, which all run the same command.
class TrainingTeam {
 public:
  /// Starts the others with the same `arguments` where torchrun or srun did not; `processes` of
  /// them, or as many as are configured. Throws UsageError, RunError.
  TrainingTeam(const TogetherConfig& config, std::optional<int64_t> processes,
               const std::vector<std::string>& arguments);
  ~TrainingTeam();

  bool leads() const { return self_.rank == 0; }
  int64_t local_rank() const { return self_.local_rank; }
  /// Once all are there; nothing where this process is alone.
  std::optional<TogetherSetting> gather(torch::Device device);

 private:
  TogetherConfig config_;
  ProcessRank self_;
  std::unique_ptr<Rendezvous> rendezvous_;
  std::unique_ptr<LocalMembers> members_;
  std::unique_ptr<ProcessGroup> group_;
};

}  // namespace nas
