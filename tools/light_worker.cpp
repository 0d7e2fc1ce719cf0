#include "tools/light_worker.hpp"

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/run/worker.hpp"

namespace nas {

int run_light_worker(const Experiment& experiment, const RunFolder& folder, int64_t slot) {
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  const auto space = experiment.make_space();
  WorkerChannel channel;
  const auto warn = [&](const std::string& text) {
    channel.send(space->choices(), WorkerWarning{text});
  };
  const auto& config = experiment.config;
  const auto evaluator = experiment.make_evaluator(
      {*space, config.data, config.execution, warn, folder.program_errors(slot)}, TensorParts{});
  const auto evaluator_for = [&](Job job) -> Evaluator& {
    if (job != Job::evaluate) throw RunError("a worker without LibTorch only evaluates points");
    return *evaluator;
  };
  return serve_worker(space->choices(), evaluator_for, channel, {});
}

}  // namespace nas
