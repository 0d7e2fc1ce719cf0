#include <cmath>

#include "controllers/ridge_ensemble.hpp"
#include "nas/core/statistics.hpp"
#include "nas/search/objective.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/controllers/nas_bench_201.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::search;

TEST_CASE("An ensemble of ridge regressions learns an interaction and is unsure elsewhere") {
  const Choices choices{{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                        {"width", IntegerInterval{1, 64, true}, Condition{0, {1, 2}}},
                        {"share", RealInterval{0, 1}, std::nullopt}};
  const auto truth = [](const Point& point) {
    const double share = std::get<double>(point.values[2]);
    const auto op = std::get<int64_t>(point.values[0]);
    if (op == 0) return -share;
    const auto width = static_cast<double>(std::get<int64_t>(point.values[1]));
    return (op == 1 ? share : 0.0) + std::log(width) / std::log(64.0);
  };
  RandomStream random(3, "test");
  std::vector<Point> points;
  std::vector<double> targets;
  for (int i = 0; i < 200; ++i) {
    points.push_back(sample(choices, random));
    targets.push_back(truth(points.back()));
  }
  RidgeEnsemble ensemble(choices, {5, 0.01, 1});
  ensemble.fit(points, targets, random);
  std::vector<double> errors;
  double seen = 0;
  for (int i = 0; i < 100; ++i) {
    const Point point = sample(choices, random);
    const auto [expected, deviation] = ensemble.predict(point);
    errors.push_back(std::abs(expected - truth(point)));
    seen += deviation / 100;
  }
  CHECK(mean(errors) < 0.05);
  // A bootstrap of two observations lacks one of them half of the time.
  RidgeEnsemble ignorant(choices, {50, 0.01, 1});
  ignorant.fit({points[0], points[1]}, {0, 1}, random);
  CHECK(ignorant.predict(points[1]).deviation > seen);
}

TEST_CASE("BANANAS with 150 trials is as good as evolution with 300 on NAS-Bench-201") {
  const auto bests = testing::bests_on_nas_bench_201("type: bananas", 150, 50);
  if (bests.empty()) {
    WARN("skipped: no NAS-Bench-201 table below NAS_DATA");
    return;
  }
  CHECK(mean(bests) >= 94.341);
}

}  // namespace
}  // namespace nas
