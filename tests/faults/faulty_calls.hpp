#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace nas {

/// What happens to a call into the system that reads or changes a file.
enum class Fault {
  error,        // it fails once, with EIO
  dead_disk,    // it and all later ones fail with EIO
  short_write,  // a write does half its work, once, and says so
  full_disk,    // a write does half its work, and all later ones fail with ENOSPC
  kill          // a write does half its work; then the process is killed
};

/// Where in a process a fault comes: at its `call`th open, read, write, fsync, ftruncate, rename or
/// unlink of files below `folder`, counted from 1. Flushing is skipped: no process needs it to see
/// what another one wrote.
struct FaultPlan {
  std::filesystem::path folder;
  int64_t call = 0;
  Fault fault = Fault::error;
};

/// How far a process came with its work.
struct Work {
  int64_t calls = 0;  // into the system
  int64_t steps = 0;  // that it was told are done
};

/// Runs `work` in a process of its own in which the plan's fault comes. `work` counts in
/// Work::steps what is done; an Error ends it, as it ends the program.
Work work_under_faults(const FaultPlan& plan, const std::function<void(Work&)>& work);

}  // namespace nas
