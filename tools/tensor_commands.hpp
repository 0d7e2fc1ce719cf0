#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nas/core/json_fwd.hpp"

namespace nas {

struct ExecutionConfig;

/// Makes this process compute as the configuration says: threads, determinism, kernels.
void prepare(const ExecutionConfig& execution);

/// `nas train CONFIG --arch TEXT`.
struct TrainRequest {
  std::filesystem::path config;
  std::vector<std::string> overrides;
  std::string architecture;
  std::filesystem::path folder;
  /// That train together; 0: as many as torchrun or srun started; nothing: as `stages.retrain`
  /// says.
  std::optional<int64_t> processes = std::nullopt;
  /// The command line, for processes that are started here.
  std::vector<std::string> arguments = {};
};

/// Trains one architecture on the training split, scores it on the validation split and, at the
/// end, once on the test split. Prints progress on standard error; returns the metrics as JSON
/// text, null in a process that trains with others and is not the first.
std::string run_train_command(const TrainRequest& request);

/// What `nas run` starts as a worker.
struct ServeRequest {
  std::filesystem::path folder;
  /// That retrain a network together, led by this one.
  int64_t processes = 1;
  /// torchrun or srun started the others.
  bool launched = false;
};

/// Serves assignments of the run in a folder over standard input and output; an exit status.
int run_worker_command(const ServeRequest& request);

/// The processor and every CUDA device: {"cpu": {...}, "cuda": [{...}, ...]}.
Json run_devices_command();

}  // namespace nas
