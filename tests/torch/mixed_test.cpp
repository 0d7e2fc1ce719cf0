#include "nas/core/error.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/plans.hpp"

namespace nas {
namespace {

using test::chain;
using test::convolution;
using test::small_supernet;

const torch::Device kCpu(torch::kCPU);

/// A Mixed layer of zero, identity and a 1x1 convolution.
NetworkPlan one_mixed() {
  Mixed layer;
  layer.options = {chain({Zero{}}), chain({Identity{}}), chain({convolution(3, 3, 1)})};
  return chain({layer});
}

double loss(Network& network, const torch::Tensor& x, const torch::Tensor& weights) {
  network.set_mixture({weights});
  const torch::NoGradGuard no_grad;
  return network.forward(x).front().pow(2).sum().item<double>();
}

}  // namespace

TEST_CASE("a mixed layer is the weighted sum of its options", "[torch]") {
  const auto network = build_network(one_mixed(), 3, kCpu);
  const torch::Tensor x = torch::randn({2, 3, 5, 5});
  network->set_mixture({torch::tensor({{0.5, 0.2, 0.3}})});
  const torch::Tensor expected = 0.2 * x + 0.3 * torch::conv2d(x, network->parameters().front());
  REQUIRE(torch::allclose(network->forward(x).front(), expected, 1e-4, 1e-5));
}

TEST_CASE("of partial channels the rest goes by, pooled where need be, and all are shuffled",
          "[torch]") {
  const int64_t stride = GENERATE(1, 2);
  Mixed layer;
  layer.part = 2;
  layer.options = {chain({Zero{stride}}), chain({convolution(2, 2, 3, stride)})};
  const auto network = build_network(chain({layer}), 3, kCpu);
  network->set_mixture({torch::tensor({{0.2, 0.3}})});
  const torch::Tensor x = torch::randn({2, 4, 6, 6});
  const torch::Tensor weight = network->parameters().front();
  REQUIRE(weight.sizes() == torch::IntArrayRef({2, 2, 3, 3}));
  const torch::Tensor own = 0.3 * torch::conv2d(x.slice(1, 0, 2), weight, {}, stride, 1);
  const torch::Tensor rest = 0.5 * torch::max_pool2d(x.slice(1, 2), stride, stride);
  const torch::Tensor expected =
      torch::stack({own.select(1, 0), rest.select(1, 0), own.select(1, 1), rest.select(1, 1)}, 1);
  REQUIRE(torch::allclose(network->forward(x).front(), expected, 1e-4, 1e-5));
}

TEST_CASE("options that are masked out are not computed", "[torch]") {
  const auto network = build_network(one_mixed(), 3, kCpu);
  const torch::Tensor x = torch::randn({2, 3, 5, 5});
  const torch::Tensor weights = torch::tensor({{0.5, 0.2, 0.3}}).requires_grad_();
  const auto mask = [](bool zero, bool identity, bool convolution) {
    return torch::tensor(std::vector<int64_t>{zero, identity, convolution})
        .to(torch::kBool)
        .view({1, 3});
  };
  network->set_mixture({weights}, {mask(true, true, false)});
  const torch::Tensor y = network->forward(x).front();
  REQUIRE(torch::allclose(y, 0.2 * x));
  y.sum().backward();
  REQUIRE_FALSE(network->parameters().front().grad().defined());
  REQUIRE(weights.grad()[0][2].item<double>() == 0);
  network->set_mixture({weights}, {mask(true, false, false)});
  REQUIRE(network->forward(x).front().equal(torch::zeros_like(x)));
}

TEST_CASE("the gradient of a supernet by its mixture agrees with differences", "[torch]") {
  const auto network = build_network(small_supernet(4, 3), 3, kCpu);
  network->to(torch::kDouble);
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({3, 3, 6, 6}, torch::kDouble);
  const torch::Tensor weights = torch::softmax(torch::randn({2, 4}, torch::kDouble), 1);
  const torch::Tensor leaf = weights.clone().requires_grad_();
  network->set_mixture({leaf});
  network->forward(x).front().pow(2).sum().backward();
  constexpr double kStep = 1e-5;
  for (int64_t row = 0; row < 2; ++row) {
    for (int64_t k = 0; k < 4; ++k) {
      const torch::Tensor shift = torch::zeros_like(weights);
      shift[row][k] = kStep;
      const double numeric =
          (loss(*network, x, weights + shift) - loss(*network, x, weights - shift)) / (2 * kStep);
      INFO("row " << row << ", option " << k);
      REQUIRE(leaf.grad()[row][k].item<double>() == Approx(numeric).epsilon(1e-5).margin(1e-7));
    }
  }
}

TEST_CASE("the gradient of a supernet by its weights agrees with differences", "[torch]") {
  const auto network = build_network(small_supernet(2, 3), 3, kCpu);
  network->to(torch::kDouble);
  torch::manual_seed(6);
  const torch::Tensor x = torch::randn({3, 3, 5, 5}, torch::kDouble);
  const torch::Tensor mixture = torch::softmax(torch::randn({2, 4}, torch::kDouble), 1);
  network->set_mixture({mixture});
  network->forward(x).front().pow(2).sum().backward();
  constexpr double kStep = 1e-6;
  for (torch::Tensor& parameter : network->parameters()) {
    const torch::Tensor direction = torch::randn_like(parameter);
    const double own = (parameter.grad() * direction).sum().item<double>();
    const torch::Tensor start = parameter.detach().clone();
    const auto at_distance = [&](double distance) {
      const torch::NoGradGuard no_grad;
      parameter.copy_(start + distance * direction);
      return loss(*network, x, mixture);
    };
    const double numeric = (at_distance(kStep) - at_distance(-kStep)) / (2 * kStep);
    at_distance(0);
    REQUIRE(own == Approx(numeric).epsilon(1e-5).margin(1e-7));
  }
}

TEST_CASE("a mixture serves several forward and backward passes", "[torch]") {
  const auto network = build_network(one_mixed(), 3, kCpu);
  const torch::Tensor leaf = torch::tensor({{0.5, 0.2, 0.3}}).requires_grad_();
  network->set_mixture({leaf});
  const torch::Tensor x = torch::ones({1, 3, 2, 2});
  network->forward(x).front().sum().backward();
  const torch::Tensor once = leaf.grad().clone();
  network->forward(x).front().sum().backward();
  REQUIRE(torch::allclose(leaf.grad(), 2 * once));
}

TEST_CASE("a mixed layer without fitting weights says so", "[torch]") {
  const auto network = build_network(one_mixed(), 3, kCpu);
  const torch::Tensor x = torch::ones({1, 3, 2, 2});
  REQUIRE_THROWS_WITH(network->forward(x), ContainsSubstring("set_mixture"));
  network->set_mixture({torch::ones({1, 2})});
  REQUIRE_THROWS_WITH(network->forward(x), ContainsSubstring("of 3 options"));
  REQUIRE_THROWS_AS(network->set_mixture({torch::ones({1, 3})}, {torch::ones({2, 3})}), RunError);
}

}  // namespace nas
