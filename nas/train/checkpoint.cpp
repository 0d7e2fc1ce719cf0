#include "nas/train/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <map>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStart = "step-";
constexpr std::string_view kEnd = ".safetensors";

constexpr std::array<std::pair<ArrayType, torch::Dtype>, 6> kTypes{
    {{ArrayType::float64, torch::kFloat64},
     {ArrayType::float32, torch::kFloat32},
     {ArrayType::bfloat16, torch::kBFloat16},
     {ArrayType::int64, torch::kInt64},
     {ArrayType::uint8, torch::kUInt8},
     {ArrayType::boolean, torch::kBool}}};

ArrayType array_type(const std::string& name, torch::Dtype dtype) {
  for (const auto& [array, tensor] : kTypes) {
    if (tensor == dtype) return array;
  }
  throw RunError("tensor '" + name + "' of type " + c10::toString(dtype) + " cannot be saved");
}

torch::Dtype tensor_type(ArrayType type) {
  return std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.first == type; })
      ->second;
}

/// `copies` keeps the bytes alive.
std::vector<NamedArray> arrays_of(const NamedTensors& tensors, NamedTensors& copies) {
  std::vector<NamedArray> arrays;
  for (const auto& [name, tensor] : tensors) {
    const torch::Tensor plain = tensor.detach().to(torch::kCPU).contiguous();
    copies.emplace_back(name, plain);
    arrays.push_back({name,
                      array_type(name, plain.scalar_type()),
                      plain.sizes().vec(),
                      {static_cast<const char*>(plain.const_data_ptr()), plain.nbytes()}});
  }
  return arrays;
}

NamedTensors tensors_of(const Safetensors& file) {
  NamedTensors tensors;
  for (const NamedArray& array : file.arrays) {
    torch::Tensor tensor = torch::empty(array.shape, tensor_type(array.type));
    if (!array.bytes.empty()) {
      std::memcpy(tensor.mutable_data_ptr(), array.bytes.data(), array.bytes.size());
    }
    tensors.emplace_back(array.name, tensor);
  }
  return tensors;
}

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

void write_tensors(const fs::path& path, const NamedTensors& tensors, const Json& metadata) {
  NamedTensors copies;
  write_file_atomically(path, encode_safetensors(arrays_of(tensors, copies), metadata));
}

Checkpoint read_checkpoint(const fs::path& path) {
  const Safetensors file = read_safetensors(path);
  if (!file.verified || !file.metadata.contains("state")) {
    throw InputError(path.string() + ": is no checkpoint");
  }
  return {tensors_of(file), Json::parse(file.metadata["state"].get<std::string>())};
}

}  // namespace

void save_checkpoint(const fs::path& folder, int64_t step, const Checkpoint& checkpoint) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw RunError(folder.string() + ": cannot be made: " + error.message());
  remove_half_written(folder);
  const auto path = folder / (std::string(kStart) + std::to_string(step) + std::string(kEnd));
  write_tensors(path, checkpoint.tensors, {{"state", checkpoint.state.dump()}});
  int64_t kept = 0;
  for (const auto& [number, old] : checkpoints_in(folder)) {
    if (number < step && ++kept > 1) fs::remove(old, error);
  }
}

std::optional<Checkpoint> load_checkpoint(const fs::path& folder,
                                          const std::function<void(const std::string&)>& warn) {
  for (const auto& [step, path] : checkpoints_in(folder)) {
    try {
      return read_checkpoint(path);
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

void save_safetensors(const fs::path& path, const NamedTensors& tensors, const Json& metadata) {
  Json texts = Json::object();
  for (const auto& [key, value] : metadata.items()) {
    texts[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  write_tensors(path, tensors, texts);
}

NamedTensors load_safetensors(const fs::path& path) { return tensors_of(read_safetensors(path)); }

}  // namespace nas
