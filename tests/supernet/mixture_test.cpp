#include "nas/supernet/mixture.hpp"

#include "nas/supernet/dirichlet.hpp"
#include "nas/torch/torch.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

torch::Tensor leaf(const torch::Tensor& values) { return values.clone().requires_grad_(); }

torch::Tensor alphas_of_one_row() { return torch::tensor({{0.4, -0.3, 1.1, 0.0}}, torch::kDouble); }

/// Mean of `count` drawn mixtures.
torch::Tensor mean_mixture(MixtureKind kind, const torch::Tensor& alphas, int64_t count) {
  const auto rule = make_mixture_rule(kind);
  torch::Tensor sum = torch::zeros_like(alphas);
  for (int64_t i = 0; i < count; ++i) {
    sum += rule->sample(alphas, {static_cast<uint64_t>(i), 1}).weights.detach();
  }
  return sum / count;
}

TEST_CASE("every rule mixes rows that sum to one and draws from the seed alone", "[supernet]") {
  const torch::Tensor alphas = torch::randn({6, 5}, torch::kDouble);
  for (const auto kind : {MixtureKind::softmax, MixtureKind::gumbel_hard, MixtureKind::gumbel_soft,
                          MixtureKind::dirichlet}) {
    const auto rule = make_mixture_rule(kind);
    const torch::Tensor mixed = rule->sample(alphas, {3, 0.7}).weights;
    REQUIRE(torch::allclose(mixed.sum(1), torch::ones({6}, torch::kDouble)));
    REQUIRE(mixed.equal(rule->sample(alphas, {3, 0.7}).weights));
    if (kind != MixtureKind::softmax) {
      REQUIRE_FALSE(mixed.equal(rule->sample(alphas, {4, 0.7}).weights));
    }
    REQUIRE(torch::allclose(rule->probabilities(alphas).sum(1), torch::ones({6}, torch::kDouble)));
  }
}

TEST_CASE("random mixtures have the probabilities of their options as mean", "[supernet]") {
  const torch::Tensor alphas = alphas_of_one_row();
  for (const auto kind : {MixtureKind::gumbel_hard, MixtureKind::dirichlet}) {
    const torch::Tensor expected = make_mixture_rule(kind)->probabilities(alphas);
    REQUIRE((mean_mixture(kind, alphas, 4000) - expected).abs().max().item<double>() < 0.03);
  }
}

TEST_CASE("a hard mixture is one option a row, computed alone, with the soft one's gradient",
          "[supernet]") {
  const torch::Tensor alphas = leaf(alphas_of_one_row());
  const torch::Tensor soft_alphas = leaf(alphas_of_one_row());
  const MixtureDraw draw{5, 0.8};
  const Mixture hard = make_mixture_rule(MixtureKind::gumbel_hard)->sample(alphas, draw);
  const Mixture soft = make_mixture_rule(MixtureKind::gumbel_soft)->sample(soft_alphas, draw);
  REQUIRE(hard.active.sum().item<int64_t>() == 1);
  REQUIRE(hard.weights.detach().argmax().item<int64_t>() == soft.weights.argmax().item<int64_t>());
  const torch::Tensor by = torch::tensor({{1.0, 2.0, -1.0, 0.5}}, torch::kDouble);
  (hard.weights * by).sum().backward();
  (soft.weights * by).sum().backward();
  REQUIRE(torch::allclose(alphas.grad(), soft_alphas.grad()));
}

TEST_CASE("the path gradient of a Dirichlet draw has the gradient of its mean as mean",
          "[supernet]") {
  const torch::Tensor by = torch::tensor({{1.0, 2.0, -1.0}}, torch::kDouble);
  const torch::Tensor concentration = leaf(torch::tensor({{0.7, 1.5, 2.0}}, torch::kDouble));
  constexpr int64_t kDraws = 4000;
  for (int64_t i = 0; i < kDraws; ++i) {
    (sample_dirichlet(concentration, static_cast<uint64_t>(i)) * by).sum().backward();
  }
  const torch::Tensor exact = leaf(concentration.detach());
  (exact / exact.sum() * by).sum().backward();
  REQUIRE((concentration.grad() / kDraws - exact.grad()).abs().max().item<double>() < 0.02);
}

TEST_CASE("the divergence from the uniform Dirichlet is zero there alone and differentiable",
          "[supernet]") {
  const torch::Tensor ones = torch::ones({2, 4}, torch::kDouble);
  REQUIRE(std::abs(divergence_from_uniform(ones).item<double>()) < 1e-12);
  const torch::Tensor other = leaf(torch::tensor({{0.5, 1.2, 3.0, 1.0}}, torch::kDouble));
  REQUIRE(divergence_from_uniform(other).item<double>() > 0.1);
  const torch::Tensor twice = torch::cat({other, other});  // summed over rows, as published
  REQUIRE(divergence_from_uniform(twice).item<double>() ==
          Approx(2 * divergence_from_uniform(other).item<double>()));
  divergence_from_uniform(other).backward();
  constexpr double kStep = 1e-6;
  for (int64_t i = 0; i < 4; ++i) {
    torch::Tensor shift = torch::zeros({1, 4}, torch::kDouble);
    shift[0][i] = kStep;
    const double numeric = (divergence_from_uniform(other.detach() + shift) -
                            divergence_from_uniform(other.detach() - shift))
                               .item<double>() /
                           (2 * kStep);
    REQUIRE(other.grad()[0][i].item<double>() == Approx(numeric).margin(1e-7));
  }
}

}  // namespace
}  // namespace nas
