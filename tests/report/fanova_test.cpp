#include "nas/report/fanova.hpp"

#include <cmath>
#include <functional>
#include <numbers>

#include "nas/core/random.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using Function = std::function<double(const ForestRow&)>;

/// A forest of points uniform in the unit cube.
RegressionForest forest_of(const Function& function, size_t features, size_t points) {
  RandomStream random(5, "fanova.test");
  std::vector<ForestRow> rows(points, ForestRow(features));
  std::vector<double> targets;
  for (auto& row : rows) {
    for (double& coordinate : row) coordinate = random.uniform();
    targets.push_back(function(row));
  }
  return RegressionForest(rows, targets, {});
}

TEST_CASE("A tree that knows every cell of a grid gives the exact parts of the variance") {
  std::vector<ForestRow> rows;
  std::vector<double> targets;
  // a + 2 b + 4 ab over two values each, every point often enough to be in every bootstrap.
  for (int copy = 0; copy < 40; ++copy) {
    for (const double a : {0.25, 0.75}) {
      for (const double b : {0.25, 0.75}) {
        rows.push_back({a, b});
        const double x = a < 0.5 ? -1 : 1;
        const double y = b < 0.5 ? -1 : 1;
        targets.push_back(x + 2 * y + 4 * x * y);
      }
    }
  }
  const RegressionForest forest(rows, targets, {});
  const Fanova fanova(forest);
  CHECK(fanova.main_effect(0) == Approx(1.0 / 21).epsilon(0.002));
  CHECK(fanova.main_effect(1) == Approx(4.0 / 21).epsilon(0.002));
  CHECK(fanova.interaction(0, 1) == Approx(16.0 / 21).epsilon(0.002));
  CHECK(forest.explained() == Approx(1));
  const auto curve = fanova.marginal(1, std::vector{0.1, 0.9});
  CHECK(curve[0].mean == Approx(-2));
  CHECK(curve[1].mean == Approx(2));
}

TEST_CASE("An additive function has the shares of its terms and no interaction") {
  const auto forest = forest_of([](const ForestRow& x) { return 3 * x[0] + x[1]; }, 3, 1500);
  const Fanova fanova(forest);
  CHECK(fanova.main_effect(0) == Approx(0.9).margin(0.03));
  CHECK(fanova.main_effect(1) == Approx(0.1).margin(0.03));
  CHECK(fanova.main_effect(2) < 0.01);
  CHECK(fanova.interaction(0, 1) < 0.02);
  CHECK(forest.explained() > 0.98);
}

TEST_CASE("Ishigami's function has its known indices") {
  // Saltelli et al. 2008: with a = 7, b = 0.1 on [-pi, pi], S1 = 0.314, S2 = 0.442, S13 = 0.244.
  const auto ishigami = [](const ForestRow& u) {
    const auto x = [&](size_t i) { return std::numbers::pi * (2 * u[i] - 1); };
    return std::sin(x(0)) + 7 * std::pow(std::sin(x(1)), 2) +
           0.1 * std::pow(x(2), 4) * std::sin(x(0));
  };
  const Fanova fanova(forest_of(ishigami, 3, 3000));
  CHECK(fanova.main_effect(0) == Approx(0.314).margin(0.05));
  CHECK(fanova.main_effect(1) == Approx(0.442).margin(0.05));
  CHECK(fanova.main_effect(2) < 0.03);
  CHECK(fanova.interaction(0, 2) == Approx(0.244).margin(0.05));
  CHECK(fanova.interaction(1, 2) < 0.05);
}

TEST_CASE("Shares are of the whole cube, however unevenly the points lie in it") {
  // Most points have a small first coordinate, as those of a search that has converged.
  RandomStream random(6, "fanova.test");
  std::vector<ForestRow> rows;
  std::vector<double> targets;
  for (int i = 0; i < 2000; ++i) {
    rows.push_back({std::pow(random.uniform(), 3), random.uniform()});
    targets.push_back(rows.back()[0] + rows.back()[1]);
  }
  const RegressionForest forest(rows, targets, {});
  const Fanova fanova(forest);
  CHECK(fanova.main_effect(0) == Approx(0.5).margin(0.05));
  CHECK(fanova.main_effect(1) == Approx(0.5).margin(0.05));
}

TEST_CASE("Noise is not explained, and a constant has no variance to share") {
  RandomStream random(7, "fanova.test");
  const auto noise = forest_of([&](const ForestRow&) { return random.normal(); }, 2, 300);
  CHECK(noise.explained() < 0.1);
  const auto constant = forest_of([](const ForestRow&) { return 0.3; }, 2, 50);
  CHECK(constant.explained() == 0);
  CHECK(Fanova(constant).main_effect(0) == 0);
  CHECK(constant.predict({0.1, 0.2}) == Approx(0.3));
}

TEST_CASE("The same rows and seed grow the same forest, another seed another one") {
  const std::vector<ForestRow> rows{{0.1}, {0.2}, {0.4}, {0.7}, {0.9}};
  const std::vector<double> targets{1, 3, 2, 5, 4};
  ForestOptions other;
  other.seed = 1;
  const double one = RegressionForest(rows, targets, {}).predict({0.3});
  CHECK(one == RegressionForest(rows, targets, {}).predict({0.3}));
  CHECK(one != RegressionForest(rows, targets, other).predict({0.3}));
}

}  // namespace
}  // namespace nas
