#include "tools/tensor_commands.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/run/worker.hpp"
#include "nas/torch/device.hpp"
#include "nas/train/test_network.hpp"
#include "tools/job_evaluators.hpp"
#include "tools/tensor_parts.hpp"

namespace nas {
namespace {

void prepare(const ExecutionConfig& execution) {
  configure_torch({execution.threads, execution.deterministic});
}

void warn_on_standard_error(const std::string& message) {
  fmt::print(stderr, "warning: {}\n", message);
}

/// One line an epoch.
class PrintingMonitor : public Monitor {
 public:
  void report(const Progress& progress) override {
    fmt::print(stderr, "{} {}/{}", progress.unit, progress.done, progress.total);
    for (const auto& [name, value] : progress.metrics)
      fmt::print(stderr, "  {} {:.4g}", name, value);
    fmt::print(stderr, "\n");
  }
};

Assignment assignment_of(const Space& space, const Experiment& experiment,
                         const TrainRequest& request) {
  Assignment assignment;
  assignment.point = space.parse(request.architecture);
  assignment.seed = derive_seed(experiment.config.seed, "trial", 0);
  assignment.folder = request.folder;
  return assignment;
}

}  // namespace

std::string run_train_command(const TrainRequest& request) {
  const TensorParts parts = tensor_parts();
  Experiment experiment = read_experiment(request.config, request.overrides, parts);
  if (experiment.evaluator.type != "train") {
    throw UsageError("nas train needs a configuration whose evaluator is of type train");
  }
  prepare(experiment.config.execution);
  JobEvaluators evaluators(experiment, parts, warn_on_standard_error);
  const auto space = experiment.make_space();
  const Assignment assignment = assignment_of(*space, experiment, request);
  std::filesystem::create_directories(request.folder);
  PrintingMonitor monitor;
  const Outcome outcome = evaluators(Job::evaluate).evaluate(assignment, monitor);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    throw RunError(failure->kind + ": " + failure->reason);
  }
  Json metrics = std::get<Score>(outcome).metrics;
  const EvaluatorContext context{*space, experiment.config.data, experiment.config.execution,
                                 warn_on_standard_error};
  metrics.update(Json(test_network(context, assignment, experiment.training)));
  return metrics.dump();
}

int run_worker_command(const std::filesystem::path& folder) {
  const TensorParts parts = tensor_parts();
  const Experiment experiment = read_experiment(folder / "config.yaml", {}, parts);
  prepare(experiment.config.execution);
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  const auto space = experiment.make_space();
  WorkerChannel channel(STDIN_FILENO, STDOUT_FILENO);
  JobEvaluators evaluators(experiment, parts,
                           [&](const std::string& message) { channel.warn(message); });
  return serve_worker(
      space->choices(), [&](Job job) -> Evaluator& { return evaluators(job); }, channel);
}

}  // namespace nas
