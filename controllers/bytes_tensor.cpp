#include "controllers/bytes_tensor.hpp"

#include <cstring>
#include <string>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Number of values; at most 2^32, so that sizes of bytes cannot overflow.
int64_t checked_count(const std::vector<int64_t>& shape) {
  constexpr int64_t kMost = int64_t{1} << 32;
  int64_t count = 1;
  for (const int64_t size : shape) {
    if (size < 0 || (size > 0 && count > kMost / size)) throw InputError("tensor of absurd shape");
    count *= size;
  }
  return count;
}

}  // namespace

Json tensors_to_json(const NamedTensors& tensors) {
  Json list = Json::array();
  for (const auto& [name, tensor] : tensors) {
    const torch::Tensor host = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
    const auto* bytes = static_cast<const uint8_t*>(host.const_data_ptr());
    list.push_back({{"name", name},
                    {"shape", host.sizes().vec()},
                    {"bytes", Json::binary({bytes, bytes + host.nbytes()})}});
  }
  return list;
}

NamedTensors tensors_from_json(const Json& json) {
  NamedTensors tensors;
  for (const Json& item : json) {
    const auto shape = item.at("shape").get<std::vector<int64_t>>();
    const auto& bytes = item.at("bytes").get_binary();
    const auto expected = static_cast<size_t>(checked_count(shape)) * sizeof(float);
    const auto name = item.at("name").get<std::string>();
    if (bytes.size() != expected) {
      throw InputError("tensor '" + name + "': found " + std::to_string(bytes.size()) +
                       " bytes, expected " + std::to_string(expected));
    }
    torch::Tensor tensor = torch::empty(shape, torch::kFloat32);
    if (expected > 0) std::memcpy(tensor.data_ptr(), bytes.data(), expected);
    tensors.emplace_back(name, tensor);
  }
  return tensors;
}

void copy_tensors(const NamedTensors& to, const NamedTensors& from) {
  const torch::NoGradGuard no_grad;
  if (to.size() != from.size()) throw InputError("another number of tensors");
  for (size_t i = 0; i < to.size(); ++i) {
    const auto& [name, tensor] = to[i];
    if (from[i].first != name || from[i].second.sizes() != tensor.sizes()) {
      throw InputError("tensor '" + name + "' is missing or of another shape");
    }
  }
  for (size_t i = 0; i < to.size(); ++i) torch::Tensor(to[i].second).copy_(from[i].second);
}

}  // namespace nas
