#pragma once

#include <functional>
#include <memory>
#include <string>

#include "nas/run/launcher.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/assemble.hpp"

namespace nas {

struct WorkerListener {
  std::function<void(const std::string& device)> ready;
  std::function<void(const std::string& text)> warning;
};

/// Whether workers are processes of nas or of nas-tensor, and whether these lead others in training
/// supernets or in retraining.
enum class WorkerKind { light, tensor, search_leader, retrain_leader };

/// Worker processes on this machine, each with its share of CPU threads and, where
/// there are several, a GPU of its own; leaders have one for each process that they lead, and are
/// the fewer. `choices` outlives the launcher.
std::unique_ptr<Launcher> make_local_workers(const Experiment& experiment, const RunFolder& folder,
                                             const Choices& choices, WorkerKind kind,
                                             WorkerListener listener);

}  // namespace nas
