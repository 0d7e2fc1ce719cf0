#include "nas/run/run_folder.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

std::filesystem::path RunFolder::checkpoints(Job job, int64_t number) const {
  return checkpoints() /
         (job == Job::retrain ? fmt::format("retrain-{:06}", number) : trial_folder_name(number));
}

std::filesystem::path RunFolder::attempt(int64_t number, int64_t attempt) const {
  return checkpoints() / fmt::format("{}.attempt-{}", trial_folder_name(number), attempt);
}

std::filesystem::path RunFolder::program_errors(int64_t slot) const {
  return named("program", fmt::format("-{}.log", slot));
}

std::filesystem::path RunFolder::named(const std::string& name,
                                       const std::string& extension) const {
  return root_ / (name + (process_.empty() ? "" : "-" + process_) + extension);
}

std::vector<std::filesystem::path> RunFolder::logs() const {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(root_)) {
    const auto& path = entry.path();
    if (path.extension() == ".jsonl" && path.stem().string().starts_with("log")) {
      found.push_back(path);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// By renaming a whole folder, so that nobody sees one without its configuration.
void RunFolder::create_at_once(const std::string& resolved_config) const {
  const auto root = root_.has_filename() ? root_ : root_.parent_path();
  const RunFolder temporary(root.string() + fmt::format(".{}.tmp", ::getpid()));
  std::error_code error;
  std::filesystem::create_directories(temporary.root(), error);
  if (error) throw RunError(fmt::format("{}: {}", root_.string(), error.message()));
  write_file_atomically(temporary.config(), resolved_config);
  std::filesystem::rename(temporary.root(), root, error);
  // Where another process was faster its folder is looked at as any other is.
  if (error) std::filesystem::remove_all(temporary.root());
}

void RunFolder::create(const std::string& resolved_config) const {
  if (!std::filesystem::exists(root_)) create_at_once(resolved_config);
  if (std::filesystem::exists(root_) && !std::filesystem::is_directory(root_)) {
    throw UsageError(fmt::format("{}: found a file, expected a folder", root_.string()));
  }
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
  write_file_atomically(config(), resolved_config);
}

}  // namespace nas
