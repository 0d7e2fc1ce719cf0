#include "tools/local_workers.hpp"

#include <cstdlib>
#include <sstream>
#include <thread>

#include "nas/run/process_launcher.hpp"
#include "tools/program.hpp"

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

int64_t worker_count(const ExperimentConfig& config, size_t gpus) {
  if (config.workers > 0) return config.workers;
  if (gpus > 0) return static_cast<int64_t>(gpus);
  const auto cores = static_cast<int64_t>(std::thread::hardware_concurrency());
  return std::max<int64_t>(cores / config.execution.threads, 1);
}

}  // namespace

std::unique_ptr<Launcher> make_local_workers(const Experiment& experiment, const RunFolder& folder,
                                             const Choices& choices, WorkerKind kind,
                                             WorkerListener listener) {
  const auto program = kind == WorkerKind::light ? light_program() : tensor_program();
  const auto gpus = visible_gpus(experiment.config.execution.device);
  const std::string threads = std::to_string(experiment.config.execution.threads);
  ProcessLauncher::Options options;
  options.workers = worker_count(experiment.config, gpus.size());
  options.on_ready = std::move(listener.ready);
  options.on_warning = std::move(listener.warning);
  options.command = [=](int64_t slot) {
    Subprocess::Command command;
    command.arguments = {program.string(), "serve-trials", folder.root().string(), "--slot",
                         std::to_string(slot)};
    if (!folder.process().empty()) {
      command.arguments.insert(command.arguments.end(), {"--process", folder.process()});
    }
    // Spinning OpenMP threads cost several times the work where workers share cores.
    command.environment = {{"OMP_NUM_THREADS", threads}, {"OMP_WAIT_POLICY", "passive"}};
    if (gpus.size() > 1) {
      command.environment.emplace_back("CUDA_VISIBLE_DEVICES",
                                       gpus[static_cast<size_t>(slot) % gpus.size()]);
    }
    command.error_file = folder.worker_errors();
    return command;
  };
  return std::make_unique<ProcessLauncher>(choices, std::move(options));
}

}  // namespace nas
