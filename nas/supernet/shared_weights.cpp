#include "nas/supernet/shared_weights.hpp"

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/train/checkpoint.hpp"

namespace nas {
namespace {

constexpr const char* kFile = "supernet.safetensors";

}  // namespace

std::filesystem::path shared_weights_folder(const Assignment& assignment) {
  return assignment.folder.parent_path() / trial_folder_name(0);
}

void save_shared_weights(const std::filesystem::path& folder, const Space& space,
                         const SharedNetwork& network) {
  save_safetensors(folder / kFile, network.state(), {{"space", space.name()}});
}

void load_shared_weights(const std::filesystem::path& folder, SharedNetwork& network) {
  const auto path = folder / kFile;
  if (!std::filesystem::exists(path)) {
    throw InputError(path.string() + ": is not there: the first trial of this search has trained " +
                     "no weights that points share");
  }
  network.load(load_safetensors(path));
}

}  // namespace nas
