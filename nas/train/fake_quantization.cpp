#include "nas/train/fake_quantization.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr const char* kLogFactors = "quantization_log_factors";
constexpr int64_t kLow = -128;
constexpr int64_t kHigh = 127;

/// The rounded numbers, with the gradient of the numbers as they are.
torch::Tensor rounded(const torch::Tensor& x) { return x + (x.round() - x).detach(); }

torch::Tensor with_gradient_times(const torch::Tensor& x, double factor) {
  return x * factor + (x - x * factor).detach();
}

}  // namespace

torch::Tensor on_grid(const torch::Tensor& x, const torch::Tensor& scale, int64_t zero, int64_t low,
                      int64_t high) {
  const double factor = 1 / std::sqrt(static_cast<double>(x.numel() * high));
  const torch::Tensor step = with_gradient_times(scale, factor);
  const torch::Tensor steps = (x / step).clamp(low - zero, high - zero);
  return rounded(steps) * step;
}

torch::Tensor on_channel_grids(const torch::Tensor& weights, int64_t largest) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor rows = weights.flatten(1);
  torch::Tensor scales = rows.abs().amax(1, true) / static_cast<double>(largest);
  scales = scales.masked_fill(scales == 0, 1);
  return ((rows / scales).round() * scales).reshape(weights.sizes());
}

FakeQuantization::FakeQuantization(Network& network, FakeQuantizationSetting setting) {
  const auto parameters = network.named_parameters();
  for (const auto& [name, largest, mask] : setting.weights) {
    const torch::Tensor* weight = parameters.find(name);
    if (weight == nullptr)
      throw InputError("quantization: the network has no weight '" + name + "'");
    weights_.push_back({*weight, largest, mask.defined() ? mask.to(weight->device()) : mask});
  }
  if (setting.grids.empty()) return;
  std::vector<float> scales;
  for (const auto& [scale, zero] : setting.grids) scales.push_back(static_cast<float>(scale));
  const auto options = torch::TensorOptions(weights_.empty() ? torch::Device(torch::kCPU)
                                                             : weights_.front().values.device());
  const torch::Tensor starts = torch::tensor(scales).to(options.device());
  auto [name, start] = unlearnt_scales(setting);
  const torch::Tensor factors = network.register_parameter(name, start.to(options.device()));
  network.set_rewriter(
      [setting = std::move(setting), starts, factors](int64_t node, const torch::Tensor& output) {
        const int64_t grid = setting.grid_of_node.at(static_cast<size_t>(node));
        if (grid < 0) return output;
        const torch::Tensor scale = (starts[grid] * factors[grid].exp()).reshape(1);
        return on_grid(output, scale, setting.grids[static_cast<size_t>(grid)].second, kLow, kHigh);
      });
}

FakeQuantization::RoundedWeights::RoundedWeights(const std::vector<Weight>& weights)
    : weights_(weights) {
  const torch::NoGradGuard no_grad;
  for (Weight& weight : weights_) {
    kept_.push_back(weight.values.detach().clone());
    if (weight.mask.defined()) weight.values.mul_(weight.mask);
    if (weight.largest > 0) weight.values.copy_(on_channel_grids(weight.values, weight.largest));
  }
}

FakeQuantization::RoundedWeights::~RoundedWeights() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < weights_.size(); ++i) weights_[i].values.copy_(kept_[i]);
}

std::pair<std::string, torch::Tensor> unlearnt_scales(const FakeQuantizationSetting& setting) {
  return {kLogFactors, torch::zeros({static_cast<int64_t>(setting.grids.size())})};
}

std::vector<double> take_learnt_scales(const FakeQuantizationSetting& setting,
                                       NamedTensors& state) {
  const auto found = std::find_if(state.begin(), state.end(),
                                  [](const auto& entry) { return entry.first == kLogFactors; });
  if (found == state.end())
    throw InputError(std::string("weights lack tensor '") + kLogFactors + "'");
  const torch::Tensor factors = found->second.detach().cpu().exp();
  std::vector<double> scales;
  for (size_t i = 0; i < setting.grids.size(); ++i) {
    scales.push_back(setting.grids[i].first * factors[static_cast<int64_t>(i)].item<double>());
  }
  state.erase(found);
  return scales;
}

}  // namespace nas
