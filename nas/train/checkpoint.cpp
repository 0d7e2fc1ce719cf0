#include "nas/train/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/torch/process_group.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

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

void write_tensors(const fs::path& path, const NamedTensors& tensors, const Json& metadata) {
  NamedTensors copies;
  write_file_atomically(path, encode_safetensors(arrays_of(tensors, copies), metadata));
}

Checkpoint checkpoint_of(CheckpointFile&& file) {
  return {tensors_of(file.arrays), std::move(file.state)};
}

}  // namespace

void save_checkpoint(const fs::path& folder, int64_t step, const Checkpoint& checkpoint) {
  write_checkpoint(folder, step, encode_checkpoint(checkpoint));
}

std::optional<Checkpoint> load_checkpoint(const fs::path& folder,
                                          const std::function<void(const std::string&)>& warn) {
  auto file = newest_checkpoint(folder, warn);
  if (!file) return std::nullopt;
  return checkpoint_of(std::move(*file));
}

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  NamedTensors copies;
  return encode_checkpoint(arrays_of(checkpoint.tensors, copies), checkpoint.state);
}

Checkpoint decode_checkpoint(std::string content) {
  return checkpoint_of(decode_checkpoint(std::move(content), "checkpoint of another process"));
}

std::optional<Checkpoint> shared_checkpoint(
    ProcessGroup& group, const std::function<std::optional<Checkpoint>()>& load) {
  std::string content;
  if (group.leads()) {
    if (const auto saved = load()) content = encode_checkpoint(*saved);
  }
  content = group.shared(content);
  if (content.empty()) return std::nullopt;
  return decode_checkpoint(std::move(content));
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
