#include "controllers/parzen_mixture.hpp"

#include <cmath>

#include "nas/search/sampling.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// A whole number under a condition, beside a real one and options.
const Choices kChoices{{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                       {"rate", RealInterval{1e-3, 1, true}, std::nullopt},
                       {"depth", IntegerInterval{1, 8}, Condition{0, {1, 2}}},
                       {"size", Categorical{{"s", "m", "l"}, true}, std::nullopt}};

struct Scene {
  UnitCube cube{kChoices};
  std::vector<double> rows;
  std::vector<double> weights;

  Scene(uint64_t seed, size_t observations) {
    for (size_t i = 0; i < observations; ++i) {
      RandomStream random(seed, "scene", i);
      const auto row = cube.encode(sample(kChoices, random));
      rows.insert(rows.end(), row.begin(), row.end());
      weights.push_back(0.5 + random.uniform());
    }
  }
  ParzenMixture mixture(const ParzenMixture::Settings& settings) const {
    return {cube, rows, weights, settings};
  }
};

TEST_CASE("A mixture's density has mean 1 under the uniform one, conditions or not", "[tpe]") {
  for (const size_t observations : {0, 1, 30}) {
    const Scene scene(3, observations);
    const auto mixture = scene.mixture({1, 0.1, 0.5});
    double sum = 0;
    constexpr uint64_t kDraws = 100'000;
    for (uint64_t i = 0; i < kDraws; ++i) {
      RandomStream random(4, "uniform", i);
      sum += std::exp(mixture.log_density(scene.cube.encode(sample(kChoices, random))));
    }
    INFO(observations);
    CHECK(sum / kDraws == Approx(1).margin(0.03));
  }
}

TEST_CASE("A mixture of any single observation has a density everywhere", "[tpe]") {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const Scene scene(seed, 1);
    const auto mixture = scene.mixture({1, 0.1, 0.5});
    RandomStream random(seed, "draw");
    const auto row = mixture.draw(random);
    CHECK_NOTHROW(check(kChoices, scene.cube.decode(row)));
    CHECK(std::isfinite(mixture.log_density(row)));
  }
}

TEST_CASE("A mixture draws as often as its density says", "[tpe]") {
  const Scene scene(5, 6);
  const auto mixture = scene.mixture({1, 0.1, 0.5});
  // By importance: the mean of 1 / density over draws inside a part is the part's size.
  double inside = 0;
  constexpr uint64_t kDraws = 100'000;
  for (uint64_t i = 0; i < kDraws; ++i) {
    RandomStream random(6, "draw", i);
    const auto row = mixture.draw(random);
    CHECK_NOTHROW(check(kChoices, scene.cube.decode(row)));
    if (row[0] == 1 && row[1] < 0.5 && row[2] < 0.5) inside += std::exp(-mixture.log_density(row));
  }
  CHECK(inside / kDraws == Approx(1.0 / 3 / 2 / 2).epsilon(0.1));
}

TEST_CASE("A mixture is densest at its observations, more so with more weight", "[tpe]") {
  const UnitCube cube(kChoices);
  const Point a{{int64_t{0}, 0.01, Value{}, int64_t{0}}};
  const Point b{{int64_t{1}, 0.5, int64_t{7}, int64_t{2}}};
  std::vector<double> rows = cube.encode(a);
  const auto second = cube.encode(b);
  rows.insert(rows.end(), second.begin(), second.end());
  const ParzenMixture mixture(cube, rows, std::vector<double>{0.2, 1.8}, {1, 0.1, 0.5});
  const Point neither{{int64_t{2}, 0.03, int64_t{3}, int64_t{1}}};
  const auto at = [&](const Point& point) { return mixture.log_density(cube.encode(point)); };
  CHECK(at(b) > at(a));
  CHECK(at(a) > at(neither));
}

}  // namespace
}  // namespace nas
