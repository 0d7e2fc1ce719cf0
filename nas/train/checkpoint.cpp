#include <fmt/core.h>

#include <array>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/checkpoint.hpp"

namespace nas {
namespace {

constexpr std::array<std::pair<std::string_view, torch::ScalarType>, 8> kTypes{
    {{"F64", torch::kDouble},
     {"F32", torch::kFloat},
     {"F16", torch::kHalf},
     {"BF16", torch::kBFloat16},
     {"I64", torch::kLong},
     {"I32", torch::kInt},
     {"U8", torch::kByte},
     {"BOOL", torch::kBool}}};

NamedArray array_of(const std::string& name, const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().to(torch::kCPU).contiguous();
  for (const auto& [dtype, type] : kTypes) {
    if (type != plain.scalar_type()) continue;
    return {name,
            std::string(dtype),
            plain.sizes().vec(),
            {static_cast<const char*>(plain.const_data_ptr()), plain.nbytes()}};
  }
  throw RunError(fmt::format("tensor {}: its type cannot be saved", name));
}

torch::Tensor tensor_of(const NamedArray& array) {
  for (const auto& [dtype, type] : kTypes) {
    if (dtype != array.dtype) continue;
    torch::Tensor tensor = torch::empty(array.shape, type);
    std::copy(array.bytes.begin(), array.bytes.end(),
              static_cast<char*>(tensor.mutable_data_ptr()));
    return tensor;
  }
  throw InputError(
      fmt::format("tensor {}: found type {}, expected one LibTorch has", array.name, array.dtype));
}

SafetensorsFile file_of(const NamedTensors& tensors) {
  SafetensorsFile file;
  for (const auto& [name, tensor] : tensors) file.arrays.push_back(array_of(name, tensor));
  return file;
}

NamedTensors tensors_of(const SafetensorsFile& file) {
  NamedTensors tensors;
  for (const auto& array : file.arrays) tensors.emplace_back(array.name, tensor_of(array));
  return tensors;
}

std::string hash_of(const SafetensorsFile& file) {
  std::string data;
  for (const auto& array : file.arrays) data += array.bytes;
  return sha256(data);
}

std::filesystem::path checkpoint_path(const std::filesystem::path& folder, int64_t step) {
  return folder / fmt::format("step-{:012}.safetensors", step);
}

/// Names sort like steps; newest first.
std::vector<std::filesystem::path> checkpoints_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("step-") && name.ends_with(".safetensors")) found.push_back(entry.path());
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const SafetensorsFile file = from_safetensors(read_file(path), path.string());
  const auto text = file.metadata.find("state");
  const auto hash = file.metadata.find("sha256");
  if (text == file.metadata.end() || hash == file.metadata.end()) {
    throw InputError(path.string() + ": found no state and checksum, expected a checkpoint");
  }
  if (hash_of(file) != hash->second) throw InputError(path.string() + ": its checksum is wrong");
  Json state = Json::parse(text->second, nullptr, /*allow_exceptions=*/false);
  if (!state.is_object()) throw InputError(path.string() + ": its state is not JSON");
  return {tensors_of(file), std::move(state)};
}

}  // namespace

void save_checkpoint(const std::filesystem::path& folder, int64_t step,
                     const Checkpoint& checkpoint) {
  std::filesystem::create_directories(folder);
  SafetensorsFile file = file_of(checkpoint.tensors);
  file.metadata = {{"state", checkpoint.state.dump()}, {"sha256", hash_of(file)}};
  write_file_atomically(checkpoint_path(folder, step), to_safetensors(file));
  const auto kept = checkpoints_in(folder);
  for (size_t i = 2; i < kept.size(); ++i) std::filesystem::remove(kept[i]);
}

std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& folder,
                                          const std::function<void(const std::string&)>& warn) {
  for (const auto& path : checkpoints_in(folder)) {
    try {
      return read_checkpoint(path);
    } catch (const InputError& error) {
      warn(fmt::format("{}; going on from the checkpoint before it", error.what()));
    }
  }
  return std::nullopt;
}

void remove_checkpoints(const std::filesystem::path& folder) {
  for (const auto& path : checkpoints_in(folder)) std::filesystem::remove(path);
}

void save_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                      const Json& metadata) {
  SafetensorsFile file = file_of(tensors);
  for (const auto& [key, value] : metadata.items()) {
    file.metadata[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  write_file_atomically(path, to_safetensors(file));
}

NamedTensors load_safetensors(const std::filesystem::path& path) {
  return tensors_of(from_safetensors(read_file(path), path.string()));
}

}  // namespace nas
