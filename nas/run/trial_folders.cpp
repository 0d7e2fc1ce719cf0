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

/// All files of a folder or none, whatever interrupts it. Files are shared, not copied: who writes
/// to a folder replaces whole files.
void copy_folder(const fs::path& from, const fs::path& to) {
  fs::path unfinished = to;
  unfinished += ".tmp";
  fs::remove_all(unfinished);
  fs::create_directories(unfinished);
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path& file = entry.path();
    if (entry.is_regular_file() && file.extension() != ".tmp") {
      share(file, unfinished / file.filename());
    }
  }
  fs::rename(unfinished, to);
}

}  // namespace

void TrialFolders::inherit(const Trial& trial) const {
  if (!trial.continues) return;
  const fs::path from = folder_.checkpoints(trial.job, *trial.continues);
  const fs::path to = folder_.checkpoints(trial.job, trial.number);
  try {
    if (!fs::exists(to) && fs::exists(from)) copy_folder(from, to);
  } catch (const fs::filesystem_error& error) {
    throw RunError(error.what());
  }
}

std::filesystem::path TrialFolders::begin(const Trial& trial) const {
  fs::path own = folder_.attempt(trial.number, trial.attempt);
  try {
    int64_t earlier = trial.attempt - 1;
    while (earlier > 0 && !fs::exists(folder_.attempt(trial.number, earlier))) --earlier;
    if (earlier > 0) {
      copy_folder(folder_.attempt(trial.number, earlier), own);
    } else if (trial.continues && fs::exists(folder_.checkpoints(trial.job, *trial.continues))) {
      copy_folder(folder_.checkpoints(trial.job, *trial.continues), own);
    }
  } catch (const fs::filesystem_error& error) {
    throw RunError(error.what());
  }
  return own;
}

void TrialFolders::settle(const Trial& trial) const {
  const fs::path own = folder_.attempt(trial.number, trial.attempt);
  std::error_code error;
  fs::rename(own, folder_.checkpoints(trial.job, trial.number), error);
  // Not there: it has its name already, or there never was one.
  if (error && error != std::errc::no_such_file_or_directory) {
    throw RunError(own.string() + ": " + error.message());
  }
  for (int64_t attempt = 1; attempt < trial.attempt; ++attempt) {
    fs::remove_all(folder_.attempt(trial.number, attempt), error);
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
