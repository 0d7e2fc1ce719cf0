#include "nas/run/run_folder.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"

namespace nas {

std::filesystem::path RunFolder::checkpoints(Job job, int64_t number) const {
  const char* kind = job == Job::retrain ? "retrain" : "trial";
  return root_ / "checkpoints" / fmt::format("{}-{:06}", kind, number);
}

std::filesystem::path RunFolder::program_errors(int64_t slot) const {
  return root_ / fmt::format("program-{}.log", slot);
}

void RunFolder::create(const std::string& resolved_config) const {
  if (std::filesystem::exists(config())) {
    if (read_file(config()) == resolved_config) return;
    throw UsageError(
        fmt::format("{}: holds a run of another configuration; choose another folder "
                    "(--out), or go on with that run: nas resume {}",
                    root_.string(), root_.string()));
  }
  std::error_code error;
  if (std::filesystem::exists(root_) && !std::filesystem::is_empty(root_, error)) {
    throw UsageError(fmt::format("{}: is not empty and holds no run", root_.string()));
  }
  std::filesystem::create_directories(root_, error);
  if (error) throw RunError(fmt::format("{}: {}", root_.string(), error.message()));
  write_file_atomically(config(), resolved_config);
}

}  // namespace nas
