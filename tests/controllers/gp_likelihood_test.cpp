#include "controllers/gp_likelihood.hpp"

#include <cmath>
#include <numbers>

#include "tests/controllers/gp_support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE(
    "The slope of the marginal likelihood agrees with finite differences in every parameter") {
  const Choices choices = testing::mixed_and_conditional();
  const GpEmbedding embedding(choices);
  const GpData data = testing::some_data(choices, 14);
  auto parameters = testing::some_parameters(choices.size());
  const GpLayout layout{choices.size()};
  for (const double power : {0.6, 0.0, 1.0}) {
    parameters[layout.power()] = power;
    std::vector<double> slope(layout.size());
    std::vector<double> ignored(layout.size());
    gp_loss(embedding, data, parameters, slope);
    for (size_t i = 0; i < layout.size(); ++i) {
      const double step = 1e-5;
      auto moved = parameters;
      moved[i] += step;
      const double above = gp_loss(embedding, data, moved, ignored);
      moved[i] -= 2 * step;
      const double below = gp_loss(embedding, data, moved, ignored);
      INFO("parameter " << i << " with power " << power);
      CHECK(slope[i] == Approx((above - below) / (2 * step)).epsilon(1e-5).margin(1e-6));
    }
  }
}

TEST_CASE("The marginal likelihood of two values is that of a normal in the plane") {
  const Choices choices{{"x", RealInterval{0, 1}, std::nullopt}};
  const GpEmbedding embedding(choices);
  const GpData data{{{0.2}, {0.7}}, {5, 9}};
  const GpLayout layout{1};
  std::vector<double> parameters(layout.size());
  parameters[layout.log_weights()] = std::log(4);  // length 1/2
  parameters[layout.log_noise()] = std::log(0.1);
  parameters[layout.power()] = 1;
  // By hand: standardised values -1 and 1 (deviation 2), r = 1, covariance with the mean's.
  const double root = std::sqrt(5);
  const double k = (1 + root + 5.0 / 3) * std::exp(-root) + 1;
  const double diagonal = 2.1;
  const double determinant = diagonal * diagonal - k * k;
  const double quadratic = (2 * diagonal + 2 * k) / determinant;
  const double expected =
      quadratic / 2 + std::log(determinant) / 2 + std::log(2 * std::numbers::pi) + 2 * std::log(2);
  std::vector<double> slope(layout.size());
  CHECK(gp_loss(embedding, data, parameters, slope) == Approx(expected));
}

TEST_CASE("The likelihood counts the units of the values") {
  const Choices choices = testing::mixed_and_conditional();
  const GpEmbedding embedding(choices);
  GpData data = testing::some_data(choices, 10);
  const auto parameters = testing::some_parameters(choices.size());
  std::vector<double> slope(parameters.size());
  const double before = gp_loss(embedding, data, parameters, slope);
  for (double& value : data.values) value = 1000 * value - 7;
  CHECK(gp_loss(embedding, data, parameters, slope) == Approx(before + 10 * std::log(1000)));
}

}  // namespace
}  // namespace nas
