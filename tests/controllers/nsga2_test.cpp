#include <map>

#include "nas/core/statistics.hpp"
#include "nas/search/hypervolume.hpp"
#include "nas/search/objective.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/controllers/nas_bench_201.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::search;

TEST_CASE("NSGA-II covers both ends of a front and what lies between") {
  const testing::PlainSpace space(Choices(8, {"x", IntegerInterval{0, 4}, std::nullopt}));
  const Objectives objectives{{"sum", Goal::maximize}, {"squares", Goal::minimize}};
  for (const int64_t lag : {1, 8}) {
    const auto controller = make_controller("type: nsga2", {space, objectives, 3});
    const auto trials = search(*controller, 1000, lag, [](const Point& point) {
      Metrics metrics{{"sum", 0}, {"squares", 0}};
      for (const Value& value : point.values) {
        const auto x = static_cast<double>(std::get<int64_t>(value));
        metrics["sum"] += x;
        metrics["squares"] += x * x;
      }
      return metrics;
    });
    std::map<double, double> least;  // squares by sum
    for (const size_t i : pareto_front(trials, objectives)) {
      least[trials[i].metrics.at("sum")] = trials[i].metrics.at("squares");
    }
    INFO("lag " << lag);
    CHECK(least.size() >= 22);  // of 33
    CHECK(least.begin()->first <= 4);
    CHECK(least.rbegin()->first >= 28);
  }
}

TEST_CASE("NSGA-II with one objective climbs") {
  const testing::PlainSpace space(Choices(8, {"x", IntegerInterval{0, 4}, std::nullopt}));
  const Objectives objectives{{"sum", Goal::maximize}};
  const auto controller = make_controller("type: nsga2", {space, objectives, 3});
  const auto trials = search(*controller, 400, 1, [](const Point& point) {
    double sum = 0;
    for (const Value& value : point.values) sum += static_cast<double>(std::get<int64_t>(value));
    return Metrics{{"sum", sum}};
  });
  CHECK(trials[*best_trial(trials, objectives)].metrics.at("sum") >= 30);
}

TEST_CASE("NSGA-II finds 98 % of the hypervolume of NAS-Bench-201 in 300 trials") {
  const auto space = make_nas_bench_201({}, {});
  const auto table = testing::nas_bench_201_table(*space);
  if (table.empty()) {
    WARN("skipped: no NAS-Bench-201 table below NAS_DATA");
    return;
  }
  const Objectives objectives{{"accuracy", Goal::maximize}, {"multiply_adds", Goal::minimize}};
  const auto utilities = [&](const Point& point) {
    return Utilities{table.at(point), -testing::nas_bench_201_cost(point)};
  };
  std::vector<Utilities> everything;
  for (const auto& entry : table) everything.push_back(utilities(entry.first));
  const Utilities reference{80, -250};  // percent, millions
  std::vector<double> shares;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto controller = make_controller("type: nsga2", {*space, objectives, seed});
    const auto trials = search(*controller, 300, 1, [&](const Point& point) {
      const Utilities values = utilities(point);
      return Metrics{{"accuracy", values[0]}, {"multiply_adds", -values[1]}};
    });
    std::vector<Utilities> found;
    for (const Trial& trial : trials) found.push_back(utilities(*trial.point));
    shares.push_back(hypervolume(found, reference) / hypervolume(everything, reference));
  }
  CHECK(mean(shares) >= 0.98);
}

}  // namespace
}  // namespace nas
