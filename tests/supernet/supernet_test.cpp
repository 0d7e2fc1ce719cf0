#include "nas/supernet/supernet.hpp"

#include <numeric>

#include "nas/core/error.hpp"
#include "search_spaces/darts.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("the published supernet has the published number of weights", "[supernet]") {
  DartsSpaceOptions options;
  options.channels = 16;
  options.cells = 8;
  const auto space = make_darts_space(options, {{3, 32, 32}, 10});
  const Supernet supernet(*space->supernet(), {});
  int64_t count = 0;
  for (const torch::Tensor& weight : supernet.weights()) count += weight.numel();
  REQUIRE(count == 1930618);
  REQUIRE(supernet.alphas().size() == 2);
  REQUIRE(supernet.alphas()[0].sizes() == torch::IntArrayRef({14, 8}));
}

TEST_CASE("alphas start small, random by seed, and mix to a distribution a row", "[supernet]") {
  const auto space = test::small_space();
  SupernetSetting setting;
  setting.seed = 3;
  const Supernet supernet(*space->supernet(), setting);
  const torch::Tensor& alphas = supernet.alphas().front();
  REQUIRE(alphas.requires_grad());
  REQUIRE(alphas.std().item<double>() == Approx(1e-3).epsilon(0.5));
  REQUIRE(alphas.equal(Supernet(*space->supernet(), setting).alphas().front()));
  setting.seed = 4;
  REQUIRE_FALSE(alphas.equal(Supernet(*space->supernet(), setting).alphas().front()));
  const ArchitectureWeights mixture = supernet.probabilities();
  REQUIRE(mixture.front().size() == 30);
  for (int64_t row = 0; row < 6; ++row) {
    const auto begin = mixture.front().begin() + row * 5;
    REQUIRE(std::accumulate(begin, begin + 5, 0.0) == Approx(1).epsilon(1e-6));
  }
}

TEST_CASE("an option with a large alpha is all that the supernet computes", "[supernet]") {
  Supernet supernet = test::double_supernet();
  const torch::Tensor x = test::double_batch(1).images;
  torch::Tensor alphas = torch::zeros({2, 4}, torch::kDouble);
  alphas.select(1, 1) = 100;  // skip_connect
  test::set_alphas(supernet, alphas);
  const auto weights = supernet.network().named_parameters();
  const torch::Tensor stem = torch::conv2d(x, weights["layers.0.weight"], {}, 1, 1);
  const torch::Tensor expected =
      torch::linear(stem.mean({2, 3}), weights["layers.4.weight"], weights["layers.4.bias"]);
  REQUIRE(torch::allclose(supernet.forward(x), expected, 1e-8, 1e-10));
}

TEST_CASE("with edge normalization the edges into a node share one softmax", "[supernet]") {
  SupernetSetting setting;
  setting.dtype = torch::kDouble;
  setting.edge_normalization = true;
  Supernet supernet(*test::small_space()->supernet(), setting);
  REQUIRE(supernet.alphas().size() == 2);
  REQUIRE(supernet.alphas()[1].sizes() == torch::IntArrayRef({6}));
  const torch::Tensor edges = torch::tensor({0.7, 0.1, -0.4, 1.0, 0.0, 0.3}, torch::kDouble);
  {
    const torch::NoGradGuard no_grad;
    torch::Tensor(supernet.alphas()[1]).copy_(edges);
  }
  const torch::Tensor own =
      torch::tensor(supernet.probabilities().front(), torch::kDouble).view({6, 5}).sum(1);
  const torch::Tensor expected =
      torch::cat({torch::ones({1}, torch::kDouble), torch::softmax(edges.slice(0, 1, 3), 0),
                  torch::softmax(edges.slice(0, 3), 0)});
  REQUIRE(torch::allclose(own, expected));

  // The gradient by the edges against differences.
  const Batch batch{torch::randn({4, 1, 8, 8}, torch::kDouble), torch::arange(4)};
  const torch::Tensor gradient = first_order_gradient(supernet, batch).gradients[1];
  constexpr double kStep = 1e-5;
  for (int64_t row = 0; row < 6; ++row) {
    const auto loss_at = [&](double shift) {
      const torch::NoGradGuard no_grad;
      torch::Tensor(supernet.alphas()[1]).copy_(edges);
      supernet.alphas()[1].detach()[row] += shift;
      return supernet_loss(supernet, batch).item<double>();
    };
    const double difference = (loss_at(kStep) - loss_at(-kStep)) / (2 * kStep);
    REQUIRE(gradient[row].item<double>() == Approx(difference).margin(1e-7));
  }
}

TEST_CASE("a supernet takes over the state of another", "[supernet]") {
  const auto plan = *test::small_space()->supernet();
  SupernetSetting setting;
  setting.edge_normalization = GENERATE(false, true);
  Supernet source(plan, setting);
  setting.seed = 1;
  Supernet target(plan, setting);
  REQUIRE_FALSE(test::identical(source.state(), target.state()));
  target.load(source.state());
  REQUIRE(test::identical(source.state(), target.state()));
  NamedTensors incomplete = source.state();
  incomplete.pop_back();
  REQUIRE_THROWS_WITH(target.load(incomplete), ContainsSubstring("alphas.cell"));
}

}  // namespace nas
