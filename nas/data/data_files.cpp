#include "nas/data/data_files.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "nas/core/hash.hpp"
#include "nas/data/archive.hpp"
#include "nas/data/idx_files.hpp"
#include "nas/data/image_decode.hpp"
#include "nas/data/sound_index.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// Whether a file of a folder may hold examples; others, the system's or a run's, come and go.
bool may_be_read(const std::string& dataset, const std::string& name) {
  if (fs::path(name).filename().string().starts_with(".")) return false;
  if (dataset == "images") return is_picture_name(name);
  if (dataset == "audio") return is_sound_name(name);
  if (dataset == "cifar10") return name.ends_with(".bin");
  return is_idx_file(name);
}

}  // namespace

std::optional<DataFiles> data_files(const DataConfig& config) {
  if (config.path.empty()) return std::nullopt;
  const fs::path root(config.path);
  DataFiles found;
  std::string listed;
  const auto add = [&](const std::string& name, const fs::path& file) {
    std::error_code gone;
    const auto size = fs::file_size(file, gone);
    const int64_t bytes = gone ? 0 : static_cast<int64_t>(size);
    ++found.files;
    found.bytes += bytes;
    listed += fmt::format("{} {}\n", bytes, name);
  };
  if (fs::is_directory(root)) {
    for (const auto& name : list_files(root)) {
      if (may_be_read(config.dataset, name)) add(name, root / name);
    }
  } else {
    add("", root);
  }
  found.sha256 = sha256(listed);
  return found;
}

}  // namespace nas
