#include "nas/supernet/supernet.hpp"

#include <string>
#include <utility>

#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/named_tensors.hpp"

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
  const auto draw = [&](at::IntArrayRef sizes) {
    torch::Tensor values = torch::empty(sizes);
    values.normal_(0, kAlphaScale, generator);
    alphas.push_back(values.to(setting.device, setting.dtype).requires_grad_());
  };
  for (const auto& group : groups) draw({group.rows, static_cast<int64_t>(group.options.size())});
  if (!setting.edge_normalization) return alphas;
  for (const auto& group : groups) draw({group.rows});
  return alphas;
}

std::vector<torch::Tensor> target_tensors(const SupernetPlan& plan, torch::Device device) {
  std::vector<torch::Tensor> targets;
  for (const auto& rows : targets_of_rows(plan)) {
    targets.push_back(torch::tensor(rows, torch::kInt64).to(device));
  }
  return targets;
}

std::vector<torch::Tensor> price_tensors(const std::vector<ArchitectureGroup>& groups,
                                         const SupernetSetting& setting) {
  std::vector<torch::Tensor> prices;
  for (size_t i = 0; i < setting.option_prices.size(); ++i) {
    prices.push_back(torch::tensor(setting.option_prices[i], torch::kDouble)
                         .view({groups[i].rows, -1})
                         .to(setting.device, setting.dtype));
  }
  return prices;
}

}  // namespace

Supernet::Supernet(const SupernetPlan& plan, const SupernetSetting& setting)
    : groups_(plan.groups),
      rule_(setting.mixture),
      network_(build_network(plan.network, derive_seed(setting.seed, "supernet.weights", 0),
                             setting.device)),
      alphas_(draw_alphas(plan.groups, setting)),
      prices_(price_tensors(plan.groups, setting)) {
  if (setting.edge_normalization) targets_ = target_tensors(plan, setting.device);
  if (setting.dtype != torch::kFloat32) network_->to(setting.dtype);
  weights_ = network_->parameters();
  buffers_ = network_->buffers();
}

torch::Tensor Supernet::shares_of(size_t group) const {
  return softmax_by_target(alphas_[groups_.size() + group], targets_[group]).unsqueeze(1);
}

Mixture Supernet::mixture_of(size_t group) const {
  Mixture mixture = drawn_mixture(group);
  if (!targets_.empty()) mixture.weights = mixture.weights * shares_of(group);
  return mixture;
}

Mixture Supernet::drawn_mixture(size_t group) const {
  const torch::Tensor& alphas = alphas_[group];
  if (!network_->is_training()) return rule_->evaluate(alphas);
  if (!draw_) return {rule_->probabilities(alphas), {}};
  return rule_->sample(alphas, draw_of(group));
}

MixtureDraw Supernet::draw_of(size_t group) const {
  MixtureDraw draw = *draw_;
  draw.seed = derive_seed(draw_->seed, "supernet.group", group);
  return draw;
}

void Supernet::settle(const std::vector<torch::Tensor>& before) {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; draw_ && i < groups_.size(); ++i) {
    torch::Tensor alphas = alphas_[i].detach();
    rule_->settle(alphas, before[i], draw_of(i));
  }
}

torch::Tensor Supernet::forward(const torch::Tensor& x) {
  std::vector<torch::Tensor> weights;
  std::vector<torch::Tensor> active;
  for (size_t i = 0; i < groups_.size(); ++i) {
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
  for (size_t i = 0; i < groups_.size(); ++i) {
    torch::Tensor probabilities = rule_->probabilities(alphas_[i]);
    if (!targets_.empty()) probabilities = probabilities * shares_of(i);
    const torch::Tensor flat = probabilities.to(torch::kCPU, torch::kDouble).flatten().contiguous();
    const double* values = flat.const_data_ptr<double>();
    groups.emplace_back(values, values + flat.numel());
  }
  return groups;
}

torch::Tensor Supernet::penalty() const {
  torch::Tensor sum;
  for (size_t i = 0; i < groups_.size(); ++i) {
    const torch::Tensor term = rule_->penalty(alphas_[i]);
    if (term.defined()) sum = sum.defined() ? sum + term : term;
    if (prices_.empty()) continue;
    const torch::Tensor price = (rule_->probabilities(alphas_[i]) * prices_[i]).sum();
    sum = sum.defined() ? sum + price : price;
  }
  return sum;
}

std::vector<std::string> Supernet::alpha_names() const {
  std::vector<std::string> names;
  for (const auto& group : groups_) names.push_back(kAlphasPrefix + group.name);
  for (size_t i = 0; i < targets_.size(); ++i) names.push_back(names[i] + ".edges");
  return names;
}

NamedTensors Supernet::state() const {
  NamedTensors state;
  for (const auto& [name, tensor] : state_of(*network_)) {
    state.emplace_back(kNetworkPrefix + name, tensor);
  }
  const auto names = alpha_names();
  for (size_t i = 0; i < alphas_.size(); ++i) state.emplace_back(names[i], alphas_[i]);
  return state;
}

void Supernet::load(const NamedTensors& state) {
  NamedTensors alphas;
  NamedTensors network;
  for (const auto& [name, tensor] : state) {
    if (name.starts_with(kNetworkPrefix)) {
      network.emplace_back(name.substr(std::string_view(kNetworkPrefix).size()), tensor);
    } else {
      alphas.emplace_back(name, tensor);
    }
  }
  load_state(*network_, network);
  NamedTensors own;
  const auto names = alpha_names();
  for (size_t i = 0; i < alphas_.size(); ++i) own.emplace_back(names[i], alphas_[i]);
  copy_named("supernet", alphas, own);
}

}  // namespace nas
