#include "controllers/policy_optimizer_tensor.hpp"

#include <utility>
#include <vector>

#include "nas/torch/torch.hpp"

namespace nas {

Optimizer make_policy_optimizer(const LstmPolicy& policy) {
  std::vector<torch::Tensor> parameters;
  for (const auto& item : policy.parameters()) parameters.push_back(item.second);
  OptimizerConfig config;
  config.kind = OptimizerKind::adam;
  config.weight_decay = 0;
  return {std::move(parameters), config};
}

}  // namespace nas
