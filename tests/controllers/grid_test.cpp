#include <set>

#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;

std::vector<Point> grid(const Choices& choices, const std::string& config) {
  const testing::PlainSpace space(choices);
  const Objectives objectives{Objective{}};
  const auto controller = make_controller("type: grid" + config, {space, objectives, 1});
  std::vector<Point> points;
  for (const auto& trial :
       testing::search(*controller, 100'000, 8, [](const Point&) { return Metrics{}; })) {
    points.push_back(*trial.point);
  }
  return points;
}

TEST_CASE("A grid holds every point once in lexicographic order, conditions kept") {
  const Choices choices{{"op", Categorical{{"a", "b"}}, std::nullopt},
                        {"size", IntegerInterval{3, 4}, Condition{0, {1}}},
                        {"depth", IntegerInterval{0, 1}, std::nullopt}};
  const Value none;
  const auto i = [](int64_t value) { return Value(value); };
  CHECK(grid(choices, "") == std::vector<Point>{{{i(0), none, i(0)}},
                                                {{i(0), none, i(1)}},
                                                {{i(1), i(3), i(0)}},
                                                {{i(1), i(3), i(1)}},
                                                {{i(1), i(4), i(0)}},
                                                {{i(1), i(4), i(1)}}});
}

TEST_CASE("A grid divides real intervals evenly on their scale, ends included") {
  const auto linear = grid({{"x", RealInterval{-1, 1}, std::nullopt}}, "");
  REQUIRE(linear.size() == 5);
  const auto log = grid({{"x", RealInterval{1e-4, 1, true}, std::nullopt}}, ", points: 3");
  REQUIRE(log.size() == 3);
  for (size_t i = 0; i < 5; ++i) {
    CHECK(std::get<double>(linear[i].values[0]) == Approx(-1 + 0.5 * static_cast<double>(i)));
  }
  CHECK(std::get<double>(log[0].values[0]) == 1e-4);
  CHECK(std::get<double>(log[1].values[0]) == Approx(1e-2));
  CHECK(std::get<double>(log[2].values[0]) == 1);
  CHECK(grid({{"x", RealInterval{2, 4}, std::nullopt}}, ", points: 1") ==
        std::vector<Point>{{{Value(3.0)}}});
  CHECK(grid({{"x", RealInterval{2, 2}, std::nullopt}}, "").size() == 1);
}

TEST_CASE("A grid over whole numbers repeats none") {
  const auto log = grid({{"x", IntegerInterval{1, 256, true}, std::nullopt}}, "");
  CHECK(log == std::vector<Point>{{{Value(int64_t{1})}},
                                  {{Value(int64_t{4})}},
                                  {{Value(int64_t{16})}},
                                  {{Value(int64_t{64})}},
                                  {{Value(int64_t{256})}}});
  const auto few = grid({{"x", IntegerInterval{1, 12, true}, std::nullopt}}, ", points: 11");
  CHECK(few.size() < 11);
  CHECK(std::set<Point>(few.begin(), few.end()).size() == few.size());
}

}  // namespace
}  // namespace nas
