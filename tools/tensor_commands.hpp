#pragma once

#include <cstdint>
#include <filesystem>
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
};

/// Trains one architecture on the training split, scores it on the validation split and, at the
/// end, once on the test split. Prints progress on standard error; returns the metrics as JSON
/// text.
std::string run_train_command(const TrainRequest& request);

/// Serves assignments of the run in `folder` over standard input and output; an exit status.
int run_worker_command(const std::filesystem::path& folder);

/// The processor and every CUDA device: {"cpu": {...}, "cuda": [{...}, ...]}.
Json run_devices_command();

}  // namespace nas
