#include "nas/evaluate/zero_cost/synflow.hpp"

#include "tests/evaluate/zero_cost/tiny.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::chain;
using test::convolution;

const Shape kInput{2, 6, 6};

/// A weight of build_network(plan, seed), its magnitudes in double precision.
torch::Tensor magnitude(const NetworkPlan& plan, uint64_t seed, const std::string& name) {
  const auto network = build_network(plan, seed, torch::kCPU);
  return network->named_parameters()[name].detach().to(torch::kDouble).abs();
}

TEST_CASE("Each layer without bias has the whole flow", "[zero_cost]") {
  // What Tanaka et al. call conservation: weight * gradient of a layer sum to R.
  const NetworkPlan plan =
      chain({convolution(2, 3, 3), BatchNorm{3, true}, Relu{}, convolution(3, 4, 3, 2),
             BatchNorm{4, false}, GlobalAveragePool{}, Linear{4, 5, false}});
  torch::Tensor x = torch::ones({1, 2, 6, 6}, torch::kDouble);
  x = torch::conv2d(x, magnitude(plan, 4, "layers.0.weight"), {}, 1, 1);
  x = torch::conv2d(x, magnitude(plan, 4, "layers.3.weight"), {}, 2, 1).mean({2, 3});
  const double flow = x.matmul(magnitude(plan, 4, "layers.6.weight").t()).sum().item<double>();
  REQUIRE(flow > 0);
  CHECK(synflow({plan, kInput, 4}) == Approx(3 * flow).epsilon(1e-12));
}

TEST_CASE("Biases feed the flow and are not counted, and branches add up", "[zero_cost]") {
  NetworkPlan plan = chain({convolution(2, 2, 3), convolution(2, 2, 1)});
  plan.nodes.push_back({Add{}, {0, 2}, "sum"});
  plan.nodes.push_back({GlobalAveragePool{}, {3}, "pool"});
  plan.nodes.push_back({Linear{2, 3, true}, {4}, "head"});
  plan.outputs = {5};
  std::vector<torch::Tensor> weights;
  for (const char* name : {"layers.0.weight", "layers.1.weight", "head.weight"}) {
    weights.push_back(magnitude(plan, 9, name).requires_grad_());
  }
  const torch::Tensor ones = torch::ones({1, 2, 6, 6}, torch::kDouble);
  const torch::Tensor inner = torch::conv2d(torch::conv2d(ones, weights[0], {}, 1, 1), weights[1]);
  const torch::Tensor logits =
      (ones + inner).mean({2, 3}).matmul(weights[2].t()) + magnitude(plan, 9, "head.bias");
  const auto gradients = torch::autograd::grad({logits.sum()}, weights);
  double expected = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    expected += (weights[i] * gradients[i]).sum().item<double>();
  }
  CHECK(synflow({plan, kInput, 9}) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("The flow of a deep network does not leave what a double can hold", "[zero_cost]") {
  std::vector<Layer> layers{convolution(2, 64, 3)};
  for (int i = 0; i < 60; ++i) layers.emplace_back(convolution(64, 64, 3));
  const double flow = synflow({chain(std::move(layers)), kInput, 1});
  CHECK(flow > 1e38);  // more than a float
  CHECK(std::isfinite(flow));
}

}  // namespace
}  // namespace nas
