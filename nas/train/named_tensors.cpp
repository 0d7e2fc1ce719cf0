#include "nas/train/named_tensors.hpp"

#include "nas/torch/format.hpp"

#include <map>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

NamedTensors below_prefix(const std::string& prefix, const NamedTensors& all) {
  NamedTensors tensors;
  for (const auto& [name, tensor] : all) {
    if (name.starts_with(prefix)) tensors.emplace_back(name.substr(prefix.size()), tensor);
  }
  return tensors;
}

void append_with_prefix(NamedTensors& all, const std::string& prefix, const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors) all.emplace_back(prefix + name, tensor);
}

void copy_named(std::string_view what, const NamedTensors& from, const NamedTensors& to) {
  std::map<std::string, torch::Tensor> given(from.begin(), from.end());
  std::vector<torch::Tensor> values;
  for (const auto& [name, tensor] : to) {
    const auto found = given.find(name);
    if (found == given.end()) throw InputError(fmt::format("{}: lacks tensor '{}'", what, name));
    if (found->second.sizes() != tensor.sizes() ||
        found->second.scalar_type() != tensor.scalar_type()) {
      throw InputError(fmt::format("{}: tensor '{}' has another shape or type", what, name));
    }
    values.push_back(found->second);
    given.erase(found);
  }
  if (!given.empty()) {
    throw InputError(fmt::format("{}: surplus tensor '{}'", what, given.begin()->first));
  }
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < to.size(); ++i) torch::Tensor(to[i].second).copy_(values[i]);
}

}  // namespace nas
