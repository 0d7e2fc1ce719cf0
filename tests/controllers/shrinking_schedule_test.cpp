#include "controllers/shrinking_schedule.hpp"

#include <set>

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"stage.depth", Categorical{{"1", "2", "3"}}, std::nullopt},
                       {"block_1.kernel", Categorical{{"3", "5", "7"}}, std::nullopt},
                       {"block_2.kernel", Categorical{{"3", "5", "7"}}, Condition{0, {1, 2}}}};

OnceForAllOptions options() {
  OnceForAllOptions options;
  options.largest = {2, 0, 0.1, 0, {}};
  options.phases = {{3, 1, 0.03, 2, {{"*kernel", 0}}}, {1, 0, 0.01, 3, {{"*depth", 2}}}};
  return options;
}

TEST_CASE("Phases follow one another, the largest network's training first") {
  const ShrinkingSchedule schedule(options(), kChoices, 10);
  CHECK(schedule.epochs() == 6);
  CHECK(schedule.phase_of(0) == 0);
  CHECK(schedule.phase_of(19) == 0);
  CHECK(schedule.phase_of(20) == 1);
  CHECK(schedule.phase_of(50) == 2);
  CHECK(schedule.phase_of(60) == 2);
  std::vector<int64_t> starts;
  for (int64_t step = 0; step < schedule.steps(); ++step) {
    if (schedule.starts_phase(step)) starts.push_back(step);
  }
  CHECK(starts == std::vector<int64_t>{0, 20, 50});
}

TEST_CASE("Each phase has a learning rate of its own, with a warm-up and down to 0") {
  const ShrinkingSchedule schedule(options(), kChoices, 10);
  CHECK(schedule.learning_rate(0) == Approx(0.1));
  CHECK(schedule.learning_rate(10) == Approx(0.05));
  CHECK(schedule.learning_rate(20) == Approx(0.003));
  CHECK(schedule.learning_rate(30) == Approx(0.03));
  CHECK(schedule.learning_rate(40) == Approx(0.015));
  CHECK(schedule.learning_rate(50) == Approx(0.01));
}

TEST_CASE("A step trains the largest, the smallest and random networks of its phase") {
  const ShrinkingSchedule schedule(options(), kChoices, 10);
  const Point largest = schedule.elastic(0).largest();
  CHECK(schedule.networks(5, 1) == std::vector<Point>{largest});
  const auto in_kernels = schedule.networks(25, 1);
  REQUIRE(in_kernels.size() == 4);
  CHECK(in_kernels[0] == largest);
  CHECK(in_kernels[1].values == std::vector<Value>{int64_t{2}, int64_t{0}, int64_t{0}});
  for (const Point& point : in_kernels) CHECK(point.values[0] == Value(int64_t{2}));
  const auto in_depths = schedule.networks(55, 1);
  REQUIRE(in_depths.size() == 5);
  CHECK(in_depths[1].values == std::vector<Value>{int64_t{1}, int64_t{0}, int64_t{0}});
}

TEST_CASE("The networks of a step depend on the seed and the step alone, and cover the phase") {
  const ShrinkingSchedule schedule(options(), kChoices, 1000);
  const ShrinkingSchedule again(options(), kChoices, 1000);
  CHECK(schedule.networks(2345, 1) == again.networks(2345, 1));
  std::set<Point> seen;
  for (int64_t step = 2000; step < 2200; ++step) {
    for (const Point& point : schedule.networks(step, 1)) seen.insert(point);
  }
  CHECK(seen.size() == 9);
  int same = 0;
  for (int64_t step = 2000; step < 2100; ++step) {
    same += schedule.networks(step, 1) == schedule.networks(step, 2) ? 1 : 0;
  }
  CHECK(same < 10);  // one in 81 by chance
}

TEST_CASE("Without the sandwich, random networks are all that a step trains") {
  OnceForAllOptions own = options();
  own.sandwich = false;
  CHECK(ShrinkingSchedule(own, kChoices, 10).networks(25, 1).size() == 2);
}

TEST_CASE("A phase that opens a choice that is not there is refused") {
  OnceForAllOptions own = options();
  own.phases.front().open.push_back({"*width", 0});
  CHECK_THROWS_AS(ShrinkingSchedule(own, kChoices, 10), UsageError);
}

}  // namespace
}  // namespace nas
