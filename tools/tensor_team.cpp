#include "tools/tensor_team.hpp"

#include <fmt/core.h>

#include <chrono>
#include <thread>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/stop.hpp"
#include "nas/run/protocol.hpp"
#include "nas/torch/process_group.hpp"
#include "tools/together.hpp"

namespace nas {
namespace {

constexpr double kSecondsToHear = 10;  // that nothing more comes
constexpr const char* kJobs = "jobs";
constexpr const char* kEnd = "end";

std::string job_key(int64_t job) { return fmt::format("job/{}", job); }
std::string ready_key(int64_t job) { return fmt::format("ready/{}", job); }

void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

/// What torchrun would tell a member.
std::vector<std::pair<std::string, std::string>> environment_of(const TeamSetting& setting,
                                                                const Rendezvous& rendezvous,
                                                                int64_t rank) {
  auto environment = setting.command.environment;
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, std::string>>{
           {"RANK", std::to_string(rank)},
           {"LOCAL_RANK", std::to_string(rank)},
           {"WORLD_SIZE", std::to_string(setting.processes)},
           {"MASTER_ADDR", rendezvous.host()},
           {"MASTER_PORT", std::to_string(rendezvous.port())},
           {"TORCHELASTIC_USE_AGENT_STORE", ""},
           {"TORCHELASTIC_RESTART_COUNT", ""}}) {
    environment.emplace_back(name, value);
  }
  return environment;
}

class HeldMeetingPlace final : public MeetingPlace {
 public:
  HeldMeetingPlace(const ProcessRank& self, double patience)
      : count_(self.count),
        rendezvous_(self, self.meeting_served ? Rendezvous::Role::joins : Rendezvous::Role::serves,
                    patience) {}

  void close(ExitStatus status) override {
    const int64_t job = rendezvous_.add(kJobs, 1);
    rendezvous_.set(job_key(job), Json{{kEnd, static_cast<int>(status)}}.dump());
    const double end = steady_seconds() + kSecondsToHear;
    while (rendezvous_.add(ready_key(job), 0) < count_ - 1 && steady_seconds() < end) pause();
  }

 private:
  int64_t count_;
  Rendezvous rendezvous_;
};

}  // namespace

LocalMembers::LocalMembers(const TeamSetting& setting, const Rendezvous& rendezvous) {
  for (int64_t rank = 1; rank < setting.processes; ++rank) {
    Subprocess::Command command = setting.command;
    command.environment = environment_of(setting, rendezvous, rank);
    processes_.push_back(std::make_unique<Subprocess>(command));
    processes_.back()->close_input();
  }
}

void LocalMembers::check() {
  for (size_t i = 0; i < processes_.size(); ++i) {
    if (!processes_[i]->wait_for_end(0)) continue;
    throw RunError(fmt::format("process {} of those that train together ended with {}", i + 1,
                               processes_[i]->kill_and_describe()));
  }
}

void wait_for_members(Rendezvous& rendezvous, const std::string& ready, int64_t count,
                      LocalMembers* members) {
  const double end = steady_seconds() + rendezvous.patience();
  for (;; pause()) {
    const int64_t there = rendezvous.add(ready, 0) + 1;
    if (there >= count) return;
    if (members != nullptr) members->check();
    if (stop_requested()) throw Interrupted();
    if (steady_seconds() < end) continue;
    throw RunError(fmt::format("{} of {} processes that train together came to {}:{} within {} s",
                               there, count, rendezvous.host(), rendezvous.port(),
                               rendezvous.patience()));
  }
}

LeadingTeam::LeadingTeam(const Choices& choices, TeamSetting setting)
    : choices_(choices), setting_(std::move(setting)) {}

LeadingTeam::~LeadingTeam() = default;

void LeadingTeam::meet() {
  if (setting_.launched) {
    self_ = launched_together(setting_.processes).value();
    rendezvous_ = std::make_unique<Rendezvous>(self_, Rendezvous::Role::joins, setting_.patience);
    return;
  }
  self_ = {0, setting_.processes, 0, "127.0.0.1"};
  rendezvous_ = std::make_unique<Rendezvous>(self_, Rendezvous::Role::serves, setting_.patience);
  members_ = std::make_unique<LocalMembers>(setting_, *rendezvous_);
}

std::unique_ptr<ProcessGroup> LeadingTeam::gather(const Assignment& assignment,
                                                  torch::Device device) {
  if (!rendezvous_) meet();
  const int64_t job = rendezvous_->add(kJobs, 1);
  rendezvous_->set(job_key(job), encode(choices_, assignment));
  wait_for_members(*rendezvous_, ready_key(job), self_.count, members_.get());
  return std::make_unique<ProcessGroup>(*rendezvous_, self_, job_key(job), device);
}

std::unique_ptr<MeetingPlace> open_meeting_place(const ProcessRank& self, double patience) {
  return std::make_unique<HeldMeetingPlace>(self, patience);
}

}  // namespace nas
