#include "nas/train/checkpoint_file.hpp"

#include <charconv>
#include <map>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/parse_json.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStart = "step-";
constexpr std::string_view kEnd = ".safetensors";

/// The number in "step-<number>.safetensors".
std::optional<int64_t> step_of(const fs::path& path) {
  const std::string name = path.filename().string();
  if (!name.starts_with(kStart) || !name.ends_with(kEnd)) return std::nullopt;
  int64_t step = 0;
  const char* end = name.data() + name.size() - kEnd.size();
  const auto [rest, error] = std::from_chars(name.data() + kStart.size(), end, step);
  if (error != std::errc() || rest != end || step < 0) return std::nullopt;
  return step;
}

/// Newest first.
std::map<int64_t, fs::path, std::greater<>> checkpoints_in(const fs::path& folder) {
  std::map<int64_t, fs::path, std::greater<>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (const auto step = step_of(entry.path())) found.emplace(*step, entry.path());
  }
  return found;
}

/// What a killed process left of a checkpoint that it was writing.
void remove_half_written(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kStart) && name.ends_with(".tmp")) found.push_back(entry.path());
  }
  for (const auto& path : found) fs::remove(path, error);
}

}  // namespace

std::string encode_checkpoint(std::span<const NamedArray> arrays, const Json& state) {
  return encode_safetensors(arrays, {{"state", state.dump()}});
}

CheckpointFile decode_checkpoint(std::string content, std::string_view name) {
  Safetensors file = decode_safetensors(std::move(content), name);
  const auto state = file.metadata.find("state");
  if (!file.verified || state == file.metadata.end()) {
    throw InputError(std::string(name) + ": is no checkpoint");
  }
  try {
    Json parsed = parse_json(state->get<std::string>());
    return {std::move(file), std::move(parsed)};
  } catch (const Json::parse_error&) {
    throw InputError(std::string(name) + ": its state is no JSON");
  }
}

void write_checkpoint(const fs::path& folder, int64_t step, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw RunError(folder.string() + ": cannot be made: " + error.message());
  remove_half_written(folder);
  write_file_atomically(folder / (std::string(kStart) + std::to_string(step) + std::string(kEnd)),
                        bytes);
  int64_t kept = 0;
  for (const auto& [number, old] : checkpoints_in(folder)) {
    if (number < step && ++kept > 1) fs::remove(old, error);
  }
}

std::optional<CheckpointFile> newest_checkpoint(
    const fs::path& folder, const std::function<void(const std::string&)>& warn) {
  for (const auto& [step, path] : checkpoints_in(folder)) {
    try {
      return decode_checkpoint(read_file(path), path.string());
    } catch (const InputError& damage) {
      warn(std::string(damage.what()) + "; the checkpoint is passed over");
    }
  }
  return std::nullopt;
}

void remove_checkpoints(const fs::path& folder) {
  remove_half_written(folder);
  std::error_code error;
  for (const auto& [step, path] : checkpoints_in(folder)) fs::remove(path, error);
}

}  // namespace nas
