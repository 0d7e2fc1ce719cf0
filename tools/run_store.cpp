#include "tools/run_store.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <array>

#include "nas/core/hash.hpp"

namespace nas {

bool is_shared(const Experiment& experiment) { return !experiment.config.store.url.empty(); }

std::unique_ptr<TrialStore> open_run_store(const Experiment& experiment, const RunFolder& folder,
                                           const Choices& choices, OpenMode mode) {
  if (is_shared(experiment)) return open_shared_store(experiment, folder, choices, mode);
  return open_sqlite_store(folder.store(), choices, mode);
}

std::unique_ptr<SharedStore> open_shared_store(const Experiment& experiment,
                                               const RunFolder& folder, const Choices& choices,
                                               OpenMode mode) {
  const SharedExperiment shared{experiment.config.name, sha256(experiment.resolved),
                                std::filesystem::weakly_canonical(folder.root()).string(),
                                folder.process()};
  return open_postgres_store(experiment.config.store, shared, choices, mode);
}

RunFolder folder_of_process(const Experiment& experiment, const std::filesystem::path& root) {
  if (!is_shared(experiment)) return RunFolder(root);
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return RunFolder(root, fmt::format("{}-{}", host.data(), ::getpid()));
}

}  // namespace nas
