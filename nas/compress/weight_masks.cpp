#include "nas/compress/weight_masks.hpp"

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

bool has_weights(const Layer& layer) {
  return std::holds_alternative<Convolution>(layer) || std::holds_alternative<Linear>(layer);
}

torch::Tensor weight_of(const NamedTensors& weights, const std::string& name) {
  const auto found = std::find_if(weights.begin(), weights.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  if (found == weights.end()) throw InputError("weights lack tensor '" + name + "'");
  return found->second.detach();
}

/// 1 where a weight is one of the two largest of its four along dimension 1.
torch::Tensor two_of_four(const torch::Tensor& weight) {
  torch::Tensor mask = torch::ones_like(weight);
  const int64_t fours = weight.size(1) / 4;
  if (fours == 0) return mask;
  const torch::Tensor groups =
      weight.abs().narrow(1, 0, 4 * fours).movedim(1, -1).unflatten(-1, {fours, 4});
  const torch::Tensor smallest = std::get<1>(groups.topk(2, -1, /*largest=*/false));
  const torch::Tensor kept = torch::ones_like(groups).scatter(-1, smallest, 0);
  mask.narrow(1, 0, 4 * fours).copy_(kept.flatten(-2).movedim(-1, 1));
  return mask;
}

}  // namespace

std::vector<RoundedParameter> weight_masks(const NetworkPlan& plan, const NamedTensors& weights,
                                           MaskPattern pattern, double sparsity) {
  const torch::NoGradGuard no_grad;
  std::vector<RoundedParameter> masks;
  std::vector<torch::Tensor> sizes;
  for (const Node& node : plan.nodes) {
    if (!has_weights(node.layer)) continue;
    const torch::Tensor weight = weight_of(weights, node.name + ".weight");
    const bool of_four = pattern == MaskPattern::two_of_four;
    masks.push_back(
        {node.name + ".weight", 0, of_four ? two_of_four(weight) : torch::ones_like(weight)});
    sizes.push_back(weight.abs().flatten());
  }
  if (pattern == MaskPattern::two_of_four || masks.empty()) return masks;
  const torch::Tensor all = torch::cat(sizes);
  const auto zeros = static_cast<int64_t>(sparsity * static_cast<double>(all.numel()));
  torch::Tensor mask = torch::ones_like(all);
  mask.index_fill_(0, std::get<1>(all.sort(/*stable=*/true, 0, false)).narrow(0, 0, zeros), 0);
  int64_t first = 0;
  for (RoundedParameter& own : masks) {
    const int64_t count = own.mask.numel();
    own.mask = mask.narrow(0, first, count).reshape(own.mask.sizes());
    first += count;
  }
  return masks;
}

void apply_masks(const std::vector<RoundedParameter>& masks, NamedTensors& weights) {
  for (const RoundedParameter& own : masks) {
    for (auto& [name, tensor] : weights) {
      if (name == own.name) tensor = tensor * own.mask;
    }
  }
}

}  // namespace nas
