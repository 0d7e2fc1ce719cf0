#include "nas/run/trial_folders.hpp"

#include "nas/core/error.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// On file systems without hard links a copy does.
void share(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to);
}

}  // namespace

void TrialFolders::inherit(const Trial& trial) const {
  if (!trial.continues) return;
  const fs::path from = folder_.checkpoints(trial.job, *trial.continues);
  const fs::path to = folder_.checkpoints(trial.job, trial.number);
  if (fs::exists(to) || !fs::exists(from)) return;
  fs::path unfinished = to;
  unfinished += ".tmp";
  try {
    fs::remove_all(unfinished);
    fs::create_directories(unfinished);
    for (const auto& entry : fs::directory_iterator(from)) {
      const fs::path& file = entry.path();
      if (entry.is_regular_file() && file.extension() != ".tmp") {
        share(file, unfinished / file.filename());
      }
    }
    fs::rename(unfinished, to);
  } catch (const fs::filesystem_error& error) {
    throw RunError(error.what());
  }
}

void TrialFolders::ended(const Trial& trial) {
  if (trial.job == Job::supernet) return;
  std::error_code none;
  if (fs::exists(folder_.checkpoints(trial.job, trial.number), none)) kept_.insert(trial.number);
}

void TrialFolders::forget(const std::function<bool(int64_t number)>& needed) {
  std::erase_if(kept_, [&](int64_t number) {
    if (needed(number)) return false;
    std::error_code ignored;
    fs::remove_all(folder_.checkpoints(Job::evaluate, number), ignored);
    return true;
  });
}

}  // namespace nas
