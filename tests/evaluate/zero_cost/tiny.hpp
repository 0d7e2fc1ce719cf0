#pragma once

#include "nas/evaluate/zero_cost/probe.hpp"
#include "nas/torch/torch.hpp"
#include "tests/torch/plans.hpp"

namespace nas::test {

/// A network in double precision for 2x6x6 pictures and three classes: convolution, ReLU that could
/// overwrite it, convolution, batch norm, ReLU, average, linear. Beside it the same in plain
/// operations, with what the proxies look at as arguments.
struct Tiny {
  NetworkPlan plan = chain({convolution(2, 3, 3), Relu{}, convolution(3, 4, 3, 2),
                            BatchNorm{4, true}, Relu{}, GlobalAveragePool{}, Linear{4, 3, true}});
  std::shared_ptr<Network> network = build_network(plan, 11, torch::kCPU);
  Minibatch batch;

  Tiny() {
    torch::manual_seed(3);
    network->to(torch::kDouble);
    batch.images = torch::randn({5, 2, 6, 6}, torch::kDouble);
    batch.labels = torch::tensor({0, 2, 1, 1, 0}, torch::kInt64);
  }

  Probe probe(Differentiation differentiation) const {
    return run_probe(plan, *network, batch, differentiation);
  }

  /// The three weights, detached.
  std::vector<torch::Tensor> weights() const {
    std::vector<torch::Tensor> found;
    for (const auto& item : network->named_parameters()) {
      if (item.value().dim() > 1) found.push_back(item.value().detach().clone());
    }
    return found;
  }

  /// What the convolutions, in `outputs` the linear layer too, give; `shifts` (empty: none) are
  /// added to them.
  torch::Tensor logits(const torch::Tensor& images, const std::vector<torch::Tensor>& weight,
                       const std::vector<torch::Tensor>& shifts,
                       std::vector<torch::Tensor>& outputs) const {
    const auto named = network->named_parameters();
    const auto shifted = [&](const torch::Tensor& x) {
      outputs.push_back(shifts.empty() ? x : x + shifts[outputs.size()]);
      return outputs.back();
    };
    torch::Tensor x = torch::relu(shifted(torch::conv2d(images, weight[0], {}, 1, 1)));
    x = shifted(torch::conv2d(x, weight[1], {}, 2, 1));
    const torch::Tensor mean = x.mean({0, 2, 3}, true);
    const torch::Tensor variance = (x - mean).pow(2).mean({0, 2, 3}, true);
    x = torch::relu((x - mean) / (variance + 1e-5).sqrt());
    return shifted(x.mean({2, 3}).matmul(weight[2].t()) + named["layers.6.bias"].detach());
  }

  torch::Tensor loss(const std::vector<torch::Tensor>& weight,
                     const std::vector<torch::Tensor>& shifts,
                     std::vector<torch::Tensor>& outputs) const {
    const torch::Tensor chosen = logits(batch.images, weight, shifts, outputs)
                                     .log_softmax(1)
                                     .gather(1, batch.labels.unsqueeze(1));
    return -chosen.mean();
  }

  /// Of the loss by the three weights.
  std::vector<torch::Tensor> gradients(std::vector<torch::Tensor> weight) const {
    for (torch::Tensor& w : weight) w = w.detach().requires_grad_();
    std::vector<torch::Tensor> outputs;
    return torch::autograd::grad({loss(weight, {}, outputs)}, weight);
  }
};

}  // namespace nas::test
