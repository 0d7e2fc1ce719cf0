#include "tools/local_workers.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <thread>

#include "nas/run/process_launcher.hpp"
#include "tools/program.hpp"
#include "tools/together.hpp"
#include "tools/worker_environment.hpp"

namespace nas {
namespace {

/// The GPUs that workers may use, as CUDA_VISIBLE_DEVICES names them; counted without CUDA, which
/// this program does not have.
std::vector<std::string> visible_gpus(const std::string& device) {
  std::vector<std::string> gpus;
  if (device != "auto" && device != "cuda") return gpus;
  if (const char* visible = std::getenv("CUDA_VISIBLE_DEVICES")) {
    std::stringstream list(visible);
    for (std::string gpu; std::getline(list, gpu, ',');) gpus.push_back(gpu);
    return gpus;
  }
  std::error_code error;
  const std::filesystem::directory_iterator entries("/proc/driver/nvidia/gpus", error);
  if (error) return gpus;
  for ([[maybe_unused]] const auto& entry : entries) gpus.push_back(std::to_string(gpus.size()));
  return gpus;
}

/// The most that one GPU has; as many as it has CPU cores for where memory is to decide.
int64_t workers_of_gpu(const ExperimentConfig& config, size_t gpus) {
  if (config.workers_per_gpu > 0) return config.workers_per_gpu;
  constexpr int64_t kMost = 16;
  const auto cores = static_cast<int64_t>(std::thread::hardware_concurrency());
  const int64_t threads = config.execution.threads * static_cast<int64_t>(gpus);
  return std::clamp<int64_t>(cores / threads, 1, kMost);
}

int64_t worker_count(const ExperimentConfig& config, size_t gpus) {
  if (config.workers > 0) return config.workers;
  if (gpus > 0) return static_cast<int64_t>(gpus) * workers_of_gpu(config, gpus);
  const auto cores = static_cast<int64_t>(std::thread::hardware_concurrency());
  return std::max<int64_t>(cores / config.execution.threads, 1);
}

/// Those of worker `slot`, of which each has `count`.
std::string share_of(const std::vector<std::string>& gpus, int64_t slot, int64_t count) {
  std::string names;
  for (int64_t i = 0; i < count; ++i) {
    names += (i == 0 ? "" : ",") + gpus[static_cast<size_t>(slot * count + i) % gpus.size()];
  }
  return names;
}

/// That a worker is, with those that it leads.
int64_t processes_of(const Experiment& experiment, WorkerKind kind) {
  if (kind == WorkerKind::search_leader) return searching_processes(experiment);
  return kind == WorkerKind::retrain_leader ? retraining_processes(experiment) : 1;
}

/// How a worker is told which others it leads.
std::vector<std::string> leading(const Experiment& experiment, int64_t processes) {
  std::vector<std::string> arguments{"--processes", std::to_string(processes)};
  if (launched_together(experiment)) arguments.emplace_back("--launched");
  return arguments;
}

}  // namespace

std::unique_ptr<Launcher> make_local_workers(const Experiment& experiment, const RunFolder& folder,
                                             const Choices& choices, WorkerKind kind,
                                             WorkerListener listener) {
  const auto program = kind == WorkerKind::light ? light_program() : tensor_program();
  const auto gpus = visible_gpus(experiment.config.execution.device);
  const int64_t threads = experiment.config.execution.threads;
  ProcessLauncher::Options options;
  const int64_t processes = processes_of(experiment, kind);
  const bool launched = processes > 1 && launched_together(experiment);
  const int64_t own = launched ? 1 : processes;  // of this machine
  options.workers =
      launched ? 1 : std::max<int64_t>(worker_count(experiment.config, gpus.size()) / own, 1);
  if (experiment.config.workers == 0 && experiment.config.workers_per_gpu == 0 && !gpus.empty() &&
      processes == 1) {
    options.packing.emplace(static_cast<int64_t>(gpus.size()),
                            workers_of_gpu(experiment.config, gpus.size()));
  }
  options.longest = experiment.config.budget.trial_time;
  options.on_ready = std::move(listener.ready);
  options.on_warning = std::move(listener.warning);
  options.command = [=, &experiment](int64_t slot) {
    Subprocess::Command command;
    command.arguments = {program.string(), "serve-trials", folder.root().string(), "--slot",
                         std::to_string(slot)};
    if (!folder.process().empty()) {
      command.arguments.insert(command.arguments.end(), {"--process", folder.process()});
    }
    if (processes > 1) {
      const auto more = leading(experiment, processes);
      command.arguments.insert(command.arguments.end(), more.begin(), more.end());
    }
    command.environment = kind == WorkerKind::light ? worker_environment(threads)
                                                    : tensor_worker_environment(threads);
    if (static_cast<int64_t>(gpus.size()) > own && !launched) {
      command.environment.emplace_back("CUDA_VISIBLE_DEVICES", share_of(gpus, slot, own));
    }
    command.error_file = folder.worker_errors();
    return command;
  };
  return std::make_unique<ProcessLauncher>(choices, std::move(options));
}

}  // namespace nas
