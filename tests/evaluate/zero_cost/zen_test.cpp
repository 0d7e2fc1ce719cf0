#include "nas/evaluate/zero_cost/zen.hpp"

#include "nas/core/random.hpp"
#include "tests/evaluate/zero_cost/tiny.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::chain;
using test::convolution;

const Shape kInput{2, 6, 6};

/// Per channel, over examples and places.
torch::Tensor variance(const torch::Tensor& x) {
  return (x - x.mean({0, 2, 3}, true)).pow(2).mean({0, 2, 3}, true);
}

torch::Tensor normalised(const torch::Tensor& x) {
  return (x - x.mean({0, 2, 3}, true)) / (variance(x) + 1e-5).sqrt();
}

TEST_CASE("zen is the features' change under noise with what batch norm took away given back",
          "[zero_cost]") {
  const NetworkPlan plan =
      chain({convolution(2, 3, 3), BatchNorm{3, true}, Relu{}, convolution(3, 4, 3),
             BatchNorm{4, true}, Relu{}, GlobalAveragePool{}, Linear{4, 3, true}});
  // The same draws: weights in plan order (the classifier's too), inputs, noise.
  const auto generator = at::detail::createCPUGenerator(derive_seed(5, "zero_cost.zen", 0));
  const auto draw = [&](at::IntArrayRef shape) {
    return torch::empty(shape).normal_(0, 1, generator);
  };
  const torch::Tensor first = draw({3, 2, 3, 3});
  const torch::Tensor second = draw({4, 3, 3, 3});
  draw({3, 4});
  const torch::Tensor images = draw({8, 2, 6, 6});
  const torch::Tensor noise = draw({8, 2, 6, 6});
  double scales = 0;
  const auto features = [&](const torch::Tensor& x, bool count) {
    torch::Tensor y = torch::conv2d(x, first, {}, 1, 1);
    if (count) scales += std::log(std::sqrt(variance(y).mean().item<double>()));
    y = torch::conv2d(torch::relu(normalised(y)), second, {}, 1, 1);
    if (count) scales += std::log(std::sqrt(variance(y).mean().item<double>()));
    return torch::relu(normalised(y));
  };
  const torch::Tensor change = features(images, true) - features(images + 0.01 * noise, false);
  const double expected = std::log(change.abs().sum().item<double>() / 8) + scales;
  CHECK(zen({plan, kInput, 5}, 8) == Approx(expected).epsilon(1e-3));
}

TEST_CASE("zen hardly sees whether a convolution is normalised", "[zero_cost]") {
  const auto plan = [](Layer middle) {
    return chain(
        {convolution(2, 32, 3), std::move(middle), GlobalAveragePool{}, Linear{32, 3, true}});
  };
  const double with = zen({plan(BatchNorm{32, true}), kInput, 2}, 64);
  const double without = zen({plan(Identity{}), kInput, 2}, 64);
  CHECK(std::abs(with - without) < 0.1);
  CHECK(std::abs(without) > 1);
}

TEST_CASE("A batch norm that reads a constant is left out of zen", "[zero_cost]") {
  NetworkPlan plan = chain({convolution(2, 4, 3), BatchNorm{4, true}});
  const double alone = zen({plan, kInput, 3}, 8);
  plan.nodes.push_back({Zero{}, {2}, "zero"});
  plan.nodes.push_back({BatchNorm{4, true}, {3}, "dead"});
  plan.nodes.push_back({Add{}, {2, 4}, "sum"});
  plan.outputs = {5};
  CHECK(zen({plan, kInput, 3}, 8) == Approx(alone).epsilon(1e-6));
}

}  // namespace
}  // namespace nas
