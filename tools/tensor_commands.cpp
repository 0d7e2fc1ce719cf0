#include "tools/tensor_commands.hpp"

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/stop.hpp"
#include "nas/data/reader.hpp"
#include "nas/evaluate/network_training.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/run/silent_monitor.hpp"
#include "nas/run/worker.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/format.hpp"
#include "nas/torch/torch.hpp"
#include "tools/job_evaluators.hpp"
#include "tools/line_monitor.hpp"
#include "tools/program.hpp"
#include "tools/tensor_parts.hpp"
#include "tools/tensor_team.hpp"
#include "tools/tensor_training_team.hpp"
#include "tools/together.hpp"

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

TogetherConfig together_of(const Experiment& experiment) {
  return experiment.retrain ? experiment.retrain->together : TogetherConfig{};
}

/// Progress is shown by one process.
std::unique_ptr<Monitor> monitor_of(const TrainingTeam& team) {
  if (team.leads()) return std::make_unique<LineMonitor>(stderr, "");
  return std::make_unique<SilentMonitor>();
}

/// The others are processes of this machine, unless they were launched.
TeamSetting team_of(const Experiment& experiment, const ServeRequest& request) {
  return {request.processes,
          together_patience(experiment),
          request.launched,
          {{tensor_program().string(), "join-training", request.folder.string()},
           {},
           RunFolder(request.folder).worker_errors()}};
}

}  // namespace

void prepare(const ExecutionConfig& execution) {
  configure_torch({execution.threads, execution.deterministic,
                   kernel_choice_from_text(execution.kernels),
                   graph_choice_from_text(execution.cuda_graph)});
}

std::string run_train_command(const TrainRequest& request) {
  const TensorParts parts = tensor_parts();
  Experiment experiment = read_experiment(request.config, request.overrides, parts);
  if (experiment.evaluator.type != "train") {
    throw UsageError("nas train needs a configuration whose evaluator is of type train");
  }
  auto& execution = experiment.config.execution;
  prepare(execution);
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  TrainingTeam team(together_of(experiment), request.processes, request.arguments);
  execution.device = device_of_process(execution.device, team.local_rank());
  const auto space = experiment.make_space();
  const Assignment assignment = assignment_of(*space, experiment, request);
  check_network(*space, *assignment.point);
  const EvaluatorContext context{*space, experiment.config.data, execution, warn_on_standard_error};
  const auto device = select_device(execution.device);
  if (has_test_examples(experiment.config.data)) check_test_images(experiment.config.data);
  const TrainingData data = load_for_search(experiment.config.data, device);
  const auto test = [&](Training& training) {
    return training.score_on(load_test(experiment.config.data, device), "test");
  };
  std::filesystem::create_directories(request.folder);
  const auto monitor = monitor_of(team);
  const Outcome outcome =
      train_network({experiment.training, context, data, device, test, {}, team.gather(device)},
                    assignment, *monitor);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    throw RunError(failure->kind + ": " + failure->reason);
  }
  return team.leads() ? Json(std::get<Score>(outcome).metrics).dump() : "null";
}

int run_worker_command(const ServeRequest& request) {
  const TensorParts parts = tensor_parts();
  const RunFolder folder(request.folder);
  const Experiment experiment = read_experiment(folder.config(), {}, parts);
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
  LeadingTeam team(space->choices(), team_of(experiment, request));
  if (request.processes > 1) evaluators.train_with(team);
  const auto device = select_device(experiment.config.execution.device);
  const auto memory = [&]() -> std::optional<WorkerMemory> {
    const auto taken = take_device_memory(device);
    return taken ? std::optional(WorkerMemory{taken->used, taken->total}) : std::nullopt;
  };
  return serve_worker(
      space->choices(), [&](Job job) -> Evaluator& { return evaluators(job); }, channel, memory);
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
