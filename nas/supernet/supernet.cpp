#include "nas/supernet/supernet.hpp"

#include <map>
#include <string>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr double kAlphaScale = 1e-3;
const char* const kNetworkPrefix = "network.";
const char* const kAlphasPrefix = "alphas.";

/// Drawn on the CPU in float32, so that every device and type starts from the same numbers.
std::vector<torch::Tensor> draw_alphas(const std::vector<ArchitectureGroup>& groups,
                                       const SupernetSetting& setting) {
  const at::Generator generator =
      at::detail::createCPUGenerator(derive_seed(setting.seed, "supernet.alphas", 0));
  std::vector<torch::Tensor> alphas;
  for (const ArchitectureGroup& group : groups) {
    const auto options = static_cast<int64_t>(group.options.size());
    torch::Tensor values = torch::empty({group.rows, options});
    values.normal_(0, kAlphaScale, generator);
    alphas.push_back(values.to(setting.device, setting.dtype).requires_grad_());
  }
  return alphas;
}

}  // namespace

Supernet::Supernet(const SupernetPlan& plan, const SupernetSetting& setting)
    : groups_(plan.groups),
      rule_(setting.mixture),
      network_(build_network(plan.network, derive_seed(setting.seed, "supernet.weights", 0),
                             setting.device)),
      alphas_(draw_alphas(plan.groups, setting)) {
  if (setting.dtype != torch::kFloat32) network_->to(setting.dtype);
  weights_ = network_->parameters();
  buffers_ = network_->buffers();
}

Mixture Supernet::mixture_of(size_t group) const {
  const torch::Tensor& alphas = alphas_[group];
  if (!network_->is_training()) return rule_->evaluate(alphas);
  if (!draw_) return {rule_->probabilities(alphas), {}};
  return rule_->sample(alphas,
                       {derive_seed(draw_->seed, "supernet.group", group), draw_->temperature});
}

torch::Tensor Supernet::forward(const torch::Tensor& x) {
  std::vector<torch::Tensor> weights;
  std::vector<torch::Tensor> active;
  for (size_t i = 0; i < alphas_.size(); ++i) {
    Mixture mixture = mixture_of(i);
    weights.push_back(std::move(mixture.weights));
    if (mixture.active.defined()) active.push_back(std::move(mixture.active));
  }
  network_->set_mixture(std::move(weights), std::move(active));
  return network_->forward(x).front();
}

ArchitectureWeights Supernet::probabilities() const {
  const torch::NoGradGuard no_grad;
  ArchitectureWeights groups;
  for (const torch::Tensor& alphas : alphas_) {
    const torch::Tensor flat =
        rule_->probabilities(alphas).to(torch::kCPU, torch::kDouble).flatten().contiguous();
    const double* values = flat.const_data_ptr<double>();
    groups.emplace_back(values, values + flat.numel());
  }
  return groups;
}

NamedTensors Supernet::state() const {
  NamedTensors state;
  for (const auto& [name, tensor] : state_of(*network_)) {
    state.emplace_back(kNetworkPrefix + name, tensor);
  }
  for (size_t i = 0; i < groups_.size(); ++i) {
    state.emplace_back(kAlphasPrefix + groups_[i].name, alphas_[i]);
  }
  return state;
}

void Supernet::load(const NamedTensors& state) {
  std::map<std::string, torch::Tensor> alphas;
  NamedTensors network;
  for (const auto& [name, tensor] : state) {
    if (name.starts_with(kNetworkPrefix)) {
      network.emplace_back(name.substr(std::string_view(kNetworkPrefix).size()), tensor);
    } else {
      alphas.emplace(name, tensor);
    }
  }
  load_state(*network_, network);
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < groups_.size(); ++i) {
    const std::string name = kAlphasPrefix + groups_[i].name;
    const auto found = alphas.find(name);
    if (found == alphas.end() || found->second.sizes() != alphas_[i].sizes()) {
      throw InputError("tensor '" + name + "' is missing or of another shape");
    }
    torch::Tensor(alphas_[i]).copy_(found->second);
  }
}

}  // namespace nas
