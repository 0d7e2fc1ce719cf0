#include "nas/run/run_folder.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

std::filesystem::path RunFolder::checkpoints(Job job, int64_t number) const {
  return root_ / "checkpoints" /
         (job == Job::retrain ? fmt::format("retrain-{:06}", number) : trial_folder_name(number));
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
