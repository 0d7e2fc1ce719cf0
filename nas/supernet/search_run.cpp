#include "nas/supernet/search_run.hpp"

namespace nas {

std::optional<Checkpoint> last_checkpoint(const SearchRun& run) {
  const auto load = [&] { return load_checkpoint(run.assignment.folder, run.context.warn); };
  return run.group == nullptr ? load() : shared_checkpoint(*run.group, load);
}

}  // namespace nas
