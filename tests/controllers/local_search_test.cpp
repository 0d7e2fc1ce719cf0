#include <cmath>
#include <set>
#include <span>

#include "nas/core/statistics.hpp"
#include "nas/search/objective.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/controllers/nas_bench_201.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::search;

double sum_of(const Point& point) {
  double sum = 0;
  for (const Value& value : point.values) sum += static_cast<double>(std::get<int64_t>(value));
  return sum;
}

TEST_CASE("Local search walks straight up a hill, each proposal a neighbour of the best") {
  const testing::PlainSpace space(Choices(6, {"x", IntegerInterval{0, 5}, std::nullopt}));
  const Objectives objectives{{"score", Goal::maximize}};
  const auto controller = make_controller("type: local_search", {space, objectives, 3});
  const auto trials = search(*controller, 120, 1, [](const Point& point) {
    return Metrics{{"score", sum_of(point)}};
  });
  const Trial* best = &trials.front();
  for (const Trial& trial : trials) {
    if (sum_of(*best->point) == 30) break;
    int64_t changed = 0;
    for (size_t i = 0; i < 6; ++i) changed += trial.point->values[i] != best->point->values[i];
    CHECK(changed == (&trial == best ? 0 : 1));
    if (sum_of(*trial.point) > sum_of(*best->point)) best = &trial;
  }
  CHECK(sum_of(*best->point) == 30);
}

TEST_CASE("Local search closes in on an optimum between real numbers, also at a lag") {
  const testing::PlainSpace space(
      {{"x", RealInterval{0, 1}, std::nullopt}, {"y", RealInterval{1e-4, 1, true}, std::nullopt}});
  const Objectives objectives{{"loss", Goal::minimize}};
  for (const int64_t lag : {1, 8}) {
    const auto controller = make_controller("type: local_search", {space, objectives, 3});
    const auto trials = search(*controller, 300, lag, [](const Point& point) {
      const double x = std::get<double>(point.values[0]) - 0.3;
      const double y = std::log10(std::get<double>(point.values[1])) + 2;
      return Metrics{{"loss", x * x + y * y}};
    });
    double best = 1;
    for (const Trial& trial : trials) best = std::min(best, trial.metrics.at("loss"));
    INFO("lag " << lag);
    CHECK(best < 1e-3);
  }
}

TEST_CASE("Local search reaches the published means on NAS-Bench-201") {
  const auto space = make_nas_bench_201({}, {});
  const auto table = testing::nas_bench_201_table(*space);
  if (table.empty()) {
    WARN("skipped: no NAS-Bench-201 table below NAS_DATA");
    return;
  }
  const Objectives objectives{{"accuracy", Goal::maximize}};
  std::vector<double> after_100;
  std::vector<double> after_300;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const auto controller = make_controller("type: local_search", {*space, objectives, seed});
    const auto trials = search(*controller, 300, 1, [&](const Point& point) {
      return Metrics{{"accuracy", table.at(point)}};
    });
    const std::span<const Trial> all(trials);
    const auto best_of = [&](size_t count) {
      return trials[*best_trial(all.first(count), objectives)].metrics.at("accuracy");
    };
    after_100.push_back(best_of(100));
    after_300.push_back(best_of(300));
  }
  // Two standard errors of either side's mean.
  CHECK(mean(after_100) == Approx(94.318).margin(0.01 + 2 * 0.147 * std::sqrt(1.0 / 100)));
  CHECK(mean(after_300) == Approx(94.373).margin(0.01));
}

}  // namespace
}  // namespace nas
