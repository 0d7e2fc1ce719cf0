#include "nas/reinforce/policy.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

Policy::Policy(const NetworkPlan& plan, int64_t actions, uint64_t seed, double deviation) {
  const bool normed = std::any_of(plan.nodes.begin(), plan.nodes.end(), [](const Node& node) {
    return std::holds_alternative<BatchNorm>(node.layer);
  });
  if (normed) throw InputError("a policy network has no batch norm: say batch_norm: false");
  network_ = build_network(plan, seed, torch::kCPU);
  log_deviation_ =
      torch::full({actions}, std::log(deviation), torch::dtype(torch::kFloat)).requires_grad_();
}

PolicyOutput Policy::forward(const torch::Tensor& observations) {
  const auto shape = observations.sizes();
  const torch::Tensor out =
      network_->forward(observations.view({shape[0], shape[1], 1, 1})).front();
  const int64_t actions = log_deviation_.numel();
  if (out.size(1) != actions + 1) {
    throw InputError(fmt::format(
        "policy network: found {} outputs, expected {} actions and a value", out.size(1), actions));
  }
  return {out.narrow(1, 0, actions), out.select(1, actions)};
}

std::vector<torch::Tensor> Policy::parameters() const {
  auto all = network_->parameters();
  all.push_back(log_deviation_);
  return all;
}

NamedTensors Policy::state() const {
  NamedTensors all = network_state();
  all.emplace_back("log_deviation", log_deviation_);
  return all;
}

}  // namespace nas
