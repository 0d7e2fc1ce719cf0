#include <set>

#include "nas/core/statistics.hpp"
#include "nas/search/objective.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/controllers/nas_bench_201.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::PlainSpace;
using testing::search;

TEST_CASE("Annealing finds the optimum of a quadratic function in a sixth of a space") {
  Choices choices;
  for (const char* name : {"a", "b", "c", "d"}) {
    choices.push_back({name, Categorical{{"0", "1", "2", "3", "4"}}, std::nullopt});
  }
  const PlainSpace space(choices);
  const Objectives objectives{{"loss", Goal::minimize}};
  const auto loss = [](const Point& point) {
    const auto at = [&](size_t i) {
      return static_cast<double>(std::get<int64_t>(point.values[i]));
    };
    return Metrics{{"loss", (at(0) - 3) * (at(1) - 1) + at(2) * at(3) - 2 * at(2)}};
  };
  for (const char* solver : {"sa", "pt", "sqa"}) {
    const auto controller =
        make_controller(std::string("type: annealing, solver: ") + solver, {space, objectives, 3});
    double best = 0;
    for (const Trial& trial : search(*controller, 100, 1, loss)) {
      best = std::min(best, trial.metrics.at("loss"));
    }
    INFO(solver);
    CHECK(best == -17);  // -3 * 3 - 8 at (0, 4, 4, 0)
  }
}

TEST_CASE("Annealing starts from the best of a screening") {
  const PlainSpace space({{"x", IntegerInterval{0, 100}, std::nullopt}});
  const Objectives objectives{{"loss", Goal::minimize}};
  const auto controller = make_controller("type: annealing", {space, objectives, 3});
  const std::vector<Point> best{{{int64_t{7}}}, {{int64_t{9}}}};
  controller->warm_start(best);
  CHECK(controller->ask(0)->point == best[0]);
  CHECK(controller->ask(1)->point == best[1]);
  CHECK(controller->ask(2)->point != best[0]);
}

TEST_CASE("Annealing with 150 trials is as good as evolution with 300 on NAS-Bench-201") {
  const auto found = testing::bests_on_nas_bench_201("type: annealing", 150, 20);
  if (found.empty()) {
    WARN("skipped: no NAS-Bench-201 table below NAS_DATA");
    return;
  }
  INFO("mean " << mean(found) << " deviation " << standard_deviation(found));
  CHECK(mean(found) > 94.34);
}

}  // namespace
}  // namespace nas
