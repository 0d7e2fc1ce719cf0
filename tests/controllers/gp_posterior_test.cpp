#include "controllers/gp_posterior.hpp"

#include <cmath>

#include "controllers/gp_acquisition.hpp"
#include "tests/controllers/gp_support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Choices kLine{{"x", RealInterval{0, 1}, std::nullopt}};

/// Length 1/2, scale 1, no warps.
std::vector<double> line_parameters(double noise) {
  const GpLayout layout{1};
  std::vector<double> parameters(layout.size());
  parameters[layout.log_weights()] = std::log(4);
  parameters[layout.log_noise()] = std::log(noise);
  parameters[layout.power()] = 1;
  return parameters;
}

double kernel(double distance) {
  const double r = std::sqrt(5) * distance / 0.5;
  return (1 + r + r * r / 3) * std::exp(-r) + 1;  // and the mean's variance
}

TEST_CASE("The posterior of two observations is the closed form") {
  const GpEmbedding embedding(kLine);
  const double noise = 0.1;
  const GpPosterior posterior(embedding, {{{0.2}, {0.7}}, {5, 9}}, line_parameters(noise));
  // Values are -1 and 1 once standardised. The inverse of [[a, b], [b, a]] by hand.
  const double a = kernel(0) + noise;
  const double b = kernel(0.5);
  const double p = kernel(0.1);
  const double q = kernel(0.4);
  const double mean = (q - p) / (a - b);
  const double variance = kernel(0) - (a * (p * p + q * q) - 2 * b * p * q) / (a * a - b * b);
  const auto belief = posterior.predict(std::vector<Features>{{0.3}})[0];
  CHECK(belief.means.at(0) == Approx(mean));
  CHECK(belief.deviation == Approx(std::sqrt(variance)));
  CHECK(posterior.query({0.3}).belief.means[0] == Approx(mean));
  CHECK(posterior.query({0.3}).belief.deviation == Approx(std::sqrt(variance)));
}

TEST_CASE("Without noise the posterior goes through the observations") {
  const GpEmbedding embedding(kLine);
  const GpPosterior posterior(embedding, {{{0.2}, {0.7}}, {5, 9}}, line_parameters(1e-8));
  const auto beliefs = posterior.predict(std::vector<Features>{{0.2}, {0.7}});
  CHECK(beliefs[0].means[0] == Approx(-1).margin(1e-6));
  CHECK(beliefs[1].means[0] == Approx(1).margin(1e-6));
  CHECK(beliefs[0].deviation < 1e-3);
  CHECK(posterior.observed_means()[0][0] == Approx(-1).margin(1e-6));
}

TEST_CASE("Imagined results average to what was believed, and leave no doubt where they are") {
  const GpEmbedding embedding(kLine);
  const GpPosterior posterior(embedding, {{{0.2}, {0.7}}, {5, 9}}, line_parameters(1e-6));
  RandomStream random(5, "test.futures");
  const std::vector<Features> pending{{0.45}, {0.5}};
  const auto after = posterior.fantasized(pending, {4000, 1}, random);
  const std::vector<Features> places{{0.45}, {0.9}};
  const auto before = posterior.predict(places);
  const auto beliefs = after.predict(places);
  for (size_t i = 0; i < places.size(); ++i) {
    double sum = 0;
    double squares = 0;
    for (const double mean : beliefs[i].means) {
      sum += mean;
      squares += mean * mean;
    }
    const double mean = sum / 4000;
    // Law of total variance.
    const double variance =
        squares / 4000 - mean * mean + beliefs[i].deviation * beliefs[i].deviation;
    CHECK(mean == Approx(before[i].means[0]).margin(4 * before[i].deviation / std::sqrt(4000)));
    CHECK(std::sqrt(variance) == Approx(before[i].deviation).epsilon(0.06));
  }
  CHECK(beliefs[0].deviation < 0.01 * before[0].deviation);
  const auto expected = posterior.fantasized(pending, {2, 0}, random).predict(places);
  for (size_t i = 0; i < places.size(); ++i) {
    for (const double mean : expected[i].means)
      CHECK(mean == Approx(before[i].means[0]).margin(1e-5));
    CHECK(expected[i].deviation == Approx(beliefs[i].deviation));
  }
}

/// Of acquisitions with every kind of model, in a mixed and conditional space.
void check_slopes(const Acquisition& acquisition, const Choices& choices) {
  const UnitCube cube(choices);
  RandomStream random(9, "test.places");
  for (int i = 0; i < 12; ++i) {
    const Features point = cube.encode(sample(choices, random));
    std::vector<double> slope(point.size());
    std::vector<double> ignored(point.size());
    const double value = acquisition.value(point, slope);
    CHECK(acquisition.values(std::vector<Features>{point})[0] == Approx(value).epsilon(1e-9));
    for (size_t k = 0; k < point.size(); ++k) {
      const bool number = cube.axis(k).kind != Axis::Kind::unordered;
      if (!number || std::isnan(point[k])) continue;
      const double step = 1e-6;
      auto moved = point;
      moved[k] += step;
      const double above = acquisition.value(moved, ignored);
      moved[k] -= 2 * step;
      const double below = acquisition.value(moved, ignored);
      INFO("choice " << k);
      CHECK(slope[k] == Approx((above - below) / (2 * step)).epsilon(1e-4).margin(1e-5));
    }
  }
}

TEST_CASE("Slopes of acquisitions agree with finite differences, with futures and feasibility") {
  const Choices choices = testing::mixed_and_conditional();
  const GpEmbedding embedding(choices);
  const auto data = testing::some_data(choices, 12);
  auto other = data;
  for (size_t i = 0; i < other.values.size(); ++i) other.values[i] = i % 3 == 0 ? 1 : -1;
  const auto parameters = testing::some_parameters(choices.size());
  RandomStream random(5, "test.futures");
  const std::vector<Features> pending{data.points[0], {0, 0.3, 0.2, NAN, NAN}};
  const auto first = GpPosterior(embedding, data, parameters).fantasized(pending, {5, 1}, random);
  const auto second = GpPosterior(embedding, other, parameters).fantasized(pending, {5, 1}, random);
  const GpPosterior success(embedding, other, parameters);
  check_slopes(
      {{first, success}, feasible_merit(improvement_merit(first.observed_means()), 0.1, 3)},
      choices);
  check_slopes({{first, second}, front_merit(first.observed_means(), second.observed_means())},
               choices);
}

}  // namespace
}  // namespace nas
