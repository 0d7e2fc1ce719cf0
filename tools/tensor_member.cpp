#include <cstdlib>
#include <thread>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/stop.hpp"
#include "nas/run/protocol.hpp"
#include "nas/run/silent_monitor.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/process_group.hpp"
#include "tools/job_evaluators.hpp"
#include "tools/line_monitor.hpp"
#include "tools/tensor_commands.hpp"
#include "tools/tensor_parts.hpp"
#include "tools/tensor_team.hpp"
#include "tools/together.hpp"

namespace nas {
namespace {

/// The team of a process that does not lead it.
class MemberTeam final : public Team {
 public:
  MemberTeam(Rendezvous& rendezvous, const ProcessRank& self)
      : rendezvous_(rendezvous), self_(self) {}

  /// The leader's next job, once there is one.
  std::string next_job() {
    key_ = std::to_string(++job_);
    while (!stop_requested()) {
      if (auto job = rendezvous_.get("job/" + key_)) return *job;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    throw Interrupted();
  }

  void be_ready() { rendezvous_.add("ready/" + key_, 1); }

  std::unique_ptr<ProcessGroup> gather(const Assignment&, torch::Device device) override {
    be_ready();
    return std::make_unique<ProcessGroup>(rendezvous_, self_, "job/" + key_, device);
  }

 private:
  Rendezvous& rendezvous_;
  ProcessRank self_;
  int64_t job_ = 0;
  std::string key_;
};

/// The number that ends the work, where a job is that.
std::optional<int> end_of_work(const std::string& job) {
  const Json json = Json::parse(job);
  if (!json.contains("end")) return std::nullopt;
  return json.at("end").get<int>();
}

/// Throws RunError where the assignment fails: the leader says why.
void do_job(Evaluator& evaluator, const Assignment& assignment) {
  SilentMonitor monitor;
  const Outcome outcome = evaluator.evaluate(assignment, monitor);
  if (const auto* failure = std::get_if<Failure>(&outcome)) throw RunError(failure->reason);
}

}  // namespace

void join_training(const Experiment& given, const ProcessRank& self) {
  const TensorParts parts = tensor_parts();
  Experiment experiment = given;
  auto& execution = experiment.config.execution;
  prepare(execution);
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  execution.device = device_of_process(execution.device, self.local_rank);
  Rendezvous rendezvous(self, Rendezvous::Role::joins, together_patience(experiment));
  MemberTeam team(rendezvous, self);
  JobEvaluators evaluators(experiment, parts, warn_on_standard_error);
  evaluators.train_with(team);
  const auto space = experiment.make_space();
  while (true) {
    const std::string job = team.next_job();
    if (const auto end = end_of_work(job)) {
      team.be_ready();
      if (*end == static_cast<int>(ExitStatus::interrupted)) throw Interrupted();
      return;
    }
    const Assignment assignment = assignment_from(space->choices(), job);
    do_job(evaluators(assignment.job), assignment);
  }
}

}  // namespace nas
