#include "tools/tensor_training_team.hpp"

#include <cstdlib>

#include "nas/torch/process_group.hpp"
#include "tools/program.hpp"
#include "tools/together.hpp"

namespace nas {
namespace {

constexpr const char* kReady = "ready/train";

std::vector<std::string> same_command(std::vector<std::string> arguments) {
  arguments.front() = tensor_program().string();
  return arguments;
}

}  // namespace

TrainingTeam::TrainingTeam(const TogetherConfig& config, std::optional<int64_t> processes,
                           const std::vector<std::string>& arguments)
    : config_(config) {
  const int64_t count = processes.value_or(config.processes);
  if (const auto self = launched_together(count)) {
    self_ = *self;
    const bool serves = leads() && !self_.meeting_served;
    rendezvous_ = std::make_unique<Rendezvous>(
        self_, serves ? Rendezvous::Role::serves : Rendezvous::Role::joins, config.patience);
  } else if (count > 1) {
    self_ = {0, count, 0, "127.0.0.1"};
    rendezvous_ = std::make_unique<Rendezvous>(self_, Rendezvous::Role::serves, config.patience);
    const TeamSetting setting{
        count, config.patience, false, {same_command(arguments), {}, "/dev/stderr"}};
    members_ = std::make_unique<LocalMembers>(setting, *rendezvous_);
  }
}

TrainingTeam::~TrainingTeam() = default;

std::optional<TogetherSetting> TrainingTeam::gather(torch::Device device) {
  if (!rendezvous_) return std::nullopt;
  if (leads()) {
    wait_for_members(*rendezvous_, kReady, self_.count, members_.get());
  } else {
    rendezvous_->add(kReady, 1);
  }
  group_ = std::make_unique<ProcessGroup>(*rendezvous_, self_, "train", device);
  return TogetherSetting{group_.get(), config_.statistics};
}

}  // namespace nas
