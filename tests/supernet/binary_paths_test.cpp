#include "nas/supernet/binary_paths.hpp"

#include "nas/plan/option_costs.hpp"
#include "nas/torch/torch.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const BinaryPaths kRule;

torch::Tensor two_rows() {
  return torch::tensor({{0.4, -0.3, 1.1, 0.0}, {-1.0, 0.2, 0.2, 0.9}}, torch::kDouble);
}

MixtureDraw draw_for(MixtureDraw::For purpose, uint64_t seed) { return {seed, 1, purpose}; }

}  // namespace

TEST_CASE("the weights see one path, as often as it is probable", "[supernet]") {
  const torch::Tensor alphas = two_rows().requires_grad_();
  torch::Tensor sum = torch::zeros_like(two_rows());
  constexpr int64_t kDraws = 4000;
  for (int64_t i = 0; i < kDraws; ++i) {
    const Mixture mixture =
        kRule.sample(alphas, draw_for(MixtureDraw::For::weights, static_cast<uint64_t>(i)));
    REQUIRE(mixture.active.equal(mixture.weights.to(torch::kBool)));
    REQUIRE_FALSE(mixture.weights.requires_grad());
    sum += mixture.weights;
  }
  const torch::Tensor expected = torch::softmax(two_rows(), 1);
  REQUIRE((sum / kDraws - expected).abs().max().item<double>() < 0.03);
}

TEST_CASE("the architecture sees two paths, one of them open, and the gradient of their shares",
          "[supernet]") {
  const torch::Tensor by =
      torch::tensor({{1.0, 2.0, -1.0, 0.5}, {3.0, 0.1, -2.0, 1.0}}, torch::kDouble);
  for (const uint64_t seed : {1, 2, 3, 4, 5}) {
    const torch::Tensor alphas = two_rows().requires_grad_();
    const Mixture mixture = kRule.sample(alphas, draw_for(MixtureDraw::For::architecture, seed));
    REQUIRE(mixture.active.sum(1).equal(torch::tensor({2, 2})));
    const torch::Tensor gates = mixture.weights.detach();
    REQUIRE(torch::allclose(gates.sum(1), torch::ones({2}, torch::kDouble)));
    REQUIRE(torch::allclose(std::get<0>(gates.max(1)), torch::ones({2}, torch::kDouble)));
    (mixture.weights * by).sum().backward();
    // Cai et al. 2019, equation 4, among the two: sum_j dL/dg_j p_j (delta_ij - p_i).
    const torch::Tensor pair = mixture.active.to(torch::kDouble);
    const torch::Tensor powers = two_rows().exp() * pair;
    const torch::Tensor p = powers / powers.sum(1, true);
    const torch::Tensor expected = p * (by - (by * p).sum(1, true));
    REQUIRE(torch::allclose(alphas.grad(), expected));
  }
}

TEST_CASE("after a step the probabilities of the paths that were not drawn are what they were",
          "[supernet]") {
  const torch::Tensor before = two_rows();
  const MixtureDraw draw = draw_for(MixtureDraw::For::architecture, 9);
  const torch::Tensor pair = kRule.sample(before, draw).active;
  torch::Tensor alphas = before + torch::tensor({{0.3, -0.5, 0.2, 0.1}}) * pair.to(torch::kDouble);
  kRule.settle(alphas, before, draw);
  const torch::Tensor now = torch::softmax(alphas, 1);
  const torch::Tensor then = torch::softmax(before, 1);
  REQUIRE(torch::allclose(now.masked_select(~pair), then.masked_select(~pair)));
  REQUIRE_FALSE(torch::allclose(now.masked_select(pair), then.masked_select(pair), 1e-2));
}

TEST_CASE("the expected price of options is in the loss of the architecture", "[supernet]") {
  SupernetSetting setting;
  setting.dtype = torch::kDouble;
  setting.option_prices = {{0, 1, 4, 0.5, 0, 1, 2, 0.5}};
  Supernet supernet(test::two_edges(), setting);
  test::set_alphas(supernet, test::some_alphas());
  const torch::Tensor prices = torch::tensor(setting.option_prices[0], torch::kDouble).view({2, 4});
  const torch::Tensor alphas = test::some_alphas().requires_grad_();
  const torch::Tensor expected = (torch::softmax(alphas, 1) * prices).sum();
  expected.backward();
  REQUIRE(supernet.penalty().item<double>() == Approx(expected.item<double>()));
  REQUIRE(torch::allclose(penalty_gradients(supernet).front(), alphas.grad()));
}

}  // namespace nas
