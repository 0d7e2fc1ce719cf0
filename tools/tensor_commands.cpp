#include "tools/tensor_commands.hpp"

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/stop.hpp"
#include "nas/evaluate/network_training.hpp"
#include "nas/run/worker.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/format.hpp"
#include "nas/torch/torch.hpp"
#include "tools/job_evaluators.hpp"
#include "tools/line_monitor.hpp"
#include "tools/tensor_parts.hpp"

namespace nas {
namespace {

Assignment assignment_of(const Space& space, const Experiment& experiment,
                         const TrainRequest& request) {
  Assignment assignment;
  assignment.point = space.parse(request.architecture);
  assignment.seed = derive_seed(experiment.config.seed, "trial", 0);
  assignment.folder = request.folder;
  return assignment;
}

}  // namespace

void prepare(const ExecutionConfig& execution) {
  configure_torch(
      {execution.threads, execution.deterministic, kernel_choice_from_text(execution.kernels)});
}

std::string run_train_command(const TrainRequest& request) {
  const TensorParts parts = tensor_parts();
  Experiment experiment = read_experiment(request.config, request.overrides, parts);
  if (experiment.evaluator.type != "train") {
    throw UsageError("nas train needs a configuration whose evaluator is of type train");
  }
  prepare(experiment.config.execution);
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  const auto space = experiment.make_space();
  const EvaluatorContext context{*space, experiment.config.data, experiment.config.execution,
                                 warn_on_standard_error};
  const auto device = select_device(experiment.config.execution.device);
  const TrainingData data = load_for_search(experiment.config.data, device);
  const auto test = [&](Training& training) {
    return training.score_on(load_test(experiment.config.data, device), "test");
  };
  const Assignment assignment = assignment_of(*space, experiment, request);
  std::filesystem::create_directories(request.folder);
  LineMonitor monitor(stderr, "");
  const Outcome outcome =
      train_network({experiment.training, context, data, device, test}, assignment, monitor);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    throw RunError(failure->kind + ": " + failure->reason);
  }
  return Json(std::get<Score>(outcome).metrics).dump();
}

int run_worker_command(const std::filesystem::path& folder) {
  const TensorParts parts = tensor_parts();
  const Experiment experiment = read_experiment(folder / "config.yaml", {}, parts);
  prepare(experiment.config.execution);
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  const auto space = experiment.make_space();
  WorkerChannel channel;
  channel.send(
      space->choices(),
      WorkerReady{describe_device(select_device(experiment.config.execution.device)).dump()});
  JobEvaluators evaluators(experiment, parts, [&](const std::string& message) {
    channel.send(space->choices(), WorkerWarning{message});
  });
  return serve_worker(
      space->choices(), [&](Job job) -> Evaluator& { return evaluators(job); }, channel);
}

Json run_devices_command() {
  Json json = {{"cpu", describe_device(torch::kCPU)}, {"cuda", Json::array()}};
  const auto count = static_cast<torch::DeviceIndex>(
      torch::cuda::is_available() ? torch::cuda::device_count() : 0);
  for (torch::DeviceIndex i = 0; i < count; ++i) {
    json["cuda"].push_back(describe_device({torch::kCUDA, i}));
  }
  return json;
}

}  // namespace nas
