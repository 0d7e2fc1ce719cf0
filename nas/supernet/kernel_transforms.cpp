#include "nas/supernet/kernel_transforms.hpp"

#include "nas/torch/format.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "nas/config/scalar.hpp"
#include "nas/core/error.hpp"
#include "nas/supernet/weight_slice.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr std::string_view kWeight = ".weight";
constexpr std::string_view kMark = ".kernel_";
constexpr std::string_view kTo = "_to_";

std::string name_of(const std::string& convolution, int64_t from, int64_t to) {
  return fmt::format("{}{}{}{}{}", convolution, kMark, from, kTo, to);
}

std::string convolution_of(const std::string& weight) {
  return weight.substr(0, weight.size() - kWeight.size());
}

/// The parts of such a name; nothing where it is none.
struct NameParts {
  std::string convolution;
  int64_t from = 0;
  int64_t to = 0;
};

std::optional<NameParts> parts_of(std::string_view name) {
  const size_t mark = name.rfind(kMark);
  if (mark == name.npos) return std::nullopt;
  const std::string_view sizes = name.substr(mark + kMark.size());
  const size_t to = sizes.find(kTo);
  if (to == sizes.npos) return std::nullopt;
  const auto first = parse_integer(sizes.substr(0, to));
  const auto second = parse_integer(sizes.substr(to + kTo.size()));
  if (!first || !second) return std::nullopt;
  return NameParts{std::string(name.substr(0, mark)), *first, *second};
}

torch::Tensor middle(const torch::Tensor& kernels, int64_t size) {
  const int64_t begin = (kernels.size(2) - size) / 2;
  return kernels.narrow(2, begin, size).narrow(3, begin, size);
}

}  // namespace

KernelSizes elastic_kernels(const std::vector<NetworkPlan>& plans) {
  KernelSizes sizes;
  for (const NetworkPlan& plan : plans) {
    for (const Node& node : plan.nodes) {
      const auto* convolution = std::get_if<Convolution>(&node.layer);
      if (convolution == nullptr || convolution->kernel.height != convolution->kernel.width) {
        continue;
      }
      sizes[node.name + std::string(kWeight)].insert(convolution->kernel.height);
    }
  }
  std::erase_if(sizes, [](const auto& entry) { return entry.second.size() < 2; });
  return sizes;
}

KernelTransforms::KernelTransforms(const KernelSizes& sizes, torch::Device device) {
  for (const auto& [weight, kernels] : sizes) {
    for (auto to = kernels.begin(), from = std::next(to); from != kernels.end(); ++to, ++from) {
      add(convolution_of(weight), *from, *to, torch::eye(*to * *to, device));
    }
  }
}

void KernelTransforms::add(const std::string& convolution, int64_t from, int64_t to,
                           const torch::Tensor& matrix) {
  torch::Tensor own = matrix;
  steps_[convolution][from] = {to, own.set_requires_grad(true)};
}

bool KernelTransforms::has(const std::string& weight) const {
  return weight.ends_with(kWeight) && steps_.contains(convolution_of(weight));
}

torch::Tensor KernelTransforms::transformed(const std::string& weight, const torch::Tensor& largest,
                                            int64_t size) const {
  torch::Tensor kernels = largest;
  const auto& steps = steps_.at(convolution_of(weight));
  while (kernels.size(2) > size) {
    const auto step = steps.find(kernels.size(2));
    if (step == steps.end() || step->second.to < size) break;
    const int64_t to = step->second.to;
    kernels = at::linear(middle(kernels, to).reshape({-1, to * to}), step->second.matrix)
                  .view({kernels.size(0), kernels.size(1), to, to});
  }
  return laid_out(weight_slice(weight, kernels, {kernels.size(0), kernels.size(1), size, size}));
}

NamedTensors KernelTransforms::state() const {
  NamedTensors state;
  for (const auto& [convolution, steps] : steps_) {
    for (const auto& [from, step] : steps) {
      state.emplace_back(name_of(convolution, from, step.to), step.matrix);
    }
  }
  return state;
}

NamedTensors KernelTransforms::load(const NamedTensors& state, torch::Device device) {
  const torch::NoGradGuard no_grad;
  NamedTensors rest;
  for (const auto& [name, tensor] : state) {
    const auto parts = parts_of(name);
    if (!parts) {
      rest.emplace_back(name, tensor);
      continue;
    }
    const int64_t entries = parts->to * parts->to;
    if (tensor.sizes() != at::IntArrayRef({entries, entries})) {
      throw InputError(
          fmt::format("shared weights: tensor '{}' is no square matrix of {} rows", name, entries));
    }
    const auto own = steps_.find(parts->convolution);
    const bool known = own != steps_.end() && own->second.contains(parts->from) &&
                       own->second.at(parts->from).to == parts->to;
    if (known) {
      torch::Tensor(own->second.at(parts->from).matrix).copy_(tensor);
    } else {
      add(parts->convolution, parts->from, parts->to, tensor.to(device, torch::kFloat).clone());
    }
  }
  return rest;
}

}  // namespace nas
