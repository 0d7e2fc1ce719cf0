#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "nas/core/process_rank.hpp"
#include "nas/core/subprocess.hpp"
#include "nas/evaluate/retrain_evaluator.hpp"
#include "nas/torch/rendezvous.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Who the others of a team are and where they come from.
struct TeamSetting {
  int64_t processes = 1;
  double patience = 600;  // seconds
  /// torchrun or srun started them, and this process's environment says where they meet. Otherwise
  /// they are started here.
  bool launched = false;
  /// What each of the others is: the program that is started here.
  Subprocess::Command command = {};
};

/// Processes that are started on this machine and told, by torchrun's environment variables, where
/// they meet. They end with this object.
class LocalMembers {
 public:
  LocalMembers(const TeamSetting& setting, const Rendezvous& rendezvous);
  /// Throws RunError where one has ended.
  void check();

 private:
  std::vector<std::unique_ptr<Subprocess>> processes_;  // ranks from 1
};

/// The team of the process that leads it.
class LeadingTeam final : public Team {
 public:
  /// `choices` outlives the team.
  LeadingTeam(const Choices& choices, TeamSetting setting);
  ~LeadingTeam() override;
  std::unique_ptr<ProcessGroup> gather(const Assignment& assignment, torch::Device device) override;

 private:
  void meet();

  const Choices& choices_;
  TeamSetting setting_;
  ProcessRank self_;
  std::unique_ptr<Rendezvous> rendezvous_;
  std::unique_ptr<LocalMembers> members_;
};

/// Waits until all but the leader have said at `rendezvous` that they are `ready`; `members` may be
/// null. Throws RunError where one is missing for longer than its patience, Interrupted after a
/// stop signal.
void wait_for_members(Rendezvous& rendezvous, const std::string& ready, int64_t count,
                      LocalMembers* members);

/// Retrains with the leader whatever it announces, until it says that nothing more comes. Throws
/// RunError where the leader is gone, Interrupted where it was stopped.
void join_training(const Experiment& experiment, const ProcessRank& self);

/// Where the members that torchrun or srun started meet and wait, for as long as the run goes on.
std::unique_ptr<MeetingPlace> open_meeting_place(const ProcessRank& self, double patience);

}  // namespace nas
