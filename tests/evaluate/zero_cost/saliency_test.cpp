#include "nas/evaluate/zero_cost/saliency.hpp"

#include "tests/evaluate/zero_cost/tiny.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::Tiny;

TEST_CASE("grad_norm is the sum of the layers' gradient norms", "[zero_cost]") {
  const Tiny tiny;
  double expected = 0;
  for (const torch::Tensor& gradient : tiny.gradients(tiny.weights())) {
    expected += gradient.pow(2).sum().sqrt().item<double>();
  }
  REQUIRE(expected > 0.01);
  CHECK(grad_norm(tiny.probe(Differentiation::once)) == Approx(expected).epsilon(1e-9));
}

TEST_CASE("snip is how much the loss depends on each connection", "[zero_cost]") {
  const Tiny tiny;
  const auto weights = tiny.weights();
  // As in its paper: the gradient by masks of ones on the connections.
  std::vector<torch::Tensor> masks;
  std::vector<torch::Tensor> masked;
  for (const torch::Tensor& weight : weights) {
    masks.push_back(torch::ones_like(weight).requires_grad_());
    masked.push_back(weight * masks.back());
  }
  std::vector<torch::Tensor> outputs;
  double expected = 0;
  for (const torch::Tensor& gradient :
       torch::autograd::grad({tiny.loss(masked, {}, outputs)}, masks)) {
    expected += gradient.abs().sum().item<double>();
  }
  CHECK(snip(tiny.probe(Differentiation::once)) == Approx(expected).epsilon(1e-9));
}

TEST_CASE("grasp is minus the weights times the Hessian times the gradient", "[zero_cost]") {
  const Tiny tiny;
  const auto weights = tiny.weights();
  const auto gradient = tiny.gradients(weights);
  // The Hessian along the gradient, by differences.
  constexpr double kStep = 1e-5;
  const auto moved = [&](double step) {
    std::vector<torch::Tensor> there;
    for (size_t i = 0; i < weights.size(); ++i) there.push_back(weights[i] + step * gradient[i]);
    return tiny.gradients(there);
  };
  const auto ahead = moved(kStep);
  const auto behind = moved(-kStep);
  double expected = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    expected -= (weights[i] * (ahead[i] - behind[i])).sum().item<double>() / (2 * kStep);
  }
  REQUIRE(std::abs(expected) > 1e-4);
  CHECK(grasp(tiny.probe(Differentiation::twice)) == Approx(expected).epsilon(1e-5));
}

TEST_CASE("fisher counts each channel's saliency once for each of its weights", "[zero_cost]") {
  const Tiny tiny;
  const auto weights = tiny.weights();
  std::vector<torch::Tensor> shifts;
  for (const auto& output : tiny.probe(Differentiation::none).outputs) {
    shifts.push_back(torch::zeros_like(output).detach().requires_grad_());
  }
  std::vector<torch::Tensor> outputs;
  const auto gradients = torch::autograd::grad({tiny.loss(weights, shifts, outputs)}, shifts);
  double expected = 0;
  for (size_t layer = 0; layer < outputs.size(); ++layer) {
    for (int64_t channel = 0; channel < outputs[layer].size(1); ++channel) {
      double saliency = 0;
      for (int64_t n = 0; n < 5; ++n) {
        const auto part = (outputs[layer][n][channel] * gradients[layer][n][channel]).sum();
        saliency += 0.5 * std::pow(part.item<double>(), 2) / 5;
      }
      expected += saliency * static_cast<double>(weights[layer][channel].numel());
    }
  }
  REQUIRE(expected > 1e-6);
  CHECK(fisher(tiny.probe(Differentiation::once)) == Approx(expected).epsilon(1e-9));
}

TEST_CASE("Layers that the logits do not depend on add nothing", "[zero_cost]") {
  Tiny tiny;
  const double before = snip(tiny.probe(Differentiation::once));
  tiny.plan.nodes.push_back({test::convolution(2, 8, 3), {0}, "unread"});
  auto network = build_network(tiny.plan, 1, torch::kCPU);
  network->to(torch::kDouble);
  const torch::NoGradGuard no_grad;
  for (const auto& item : tiny.network->named_parameters()) {
    network->named_parameters()[item.key()].copy_(item.value());
  }
  const torch::AutoGradMode with_grad(true);
  const Probe probe = run_probe(tiny.plan, *network, tiny.batch, Differentiation::twice);
  CHECK(snip(probe) == Approx(before));
  CHECK(std::isfinite(grasp(probe)));
  CHECK(probe.weights.size() == 3);
}

}  // namespace
}  // namespace nas
