#include <set>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/search/objective.hpp"
#include "nas/search/sampling.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                       {"size", IntegerInterval{1, 4}, Condition{0, {0, 2}}},
                       {"last", Categorical{{"x", "y"}}, std::nullopt}};

TEST_CASE("Counting follows conditions, and every index is another point") {
  REQUIRE(count(kChoices) == (4 + 1 + 4) * 2);
  std::set<Point> points;
  for (int64_t i = 0; i < 18; ++i) {
    const Point point = point_at(kChoices, i);
    CHECK_NOTHROW(check(kChoices, point));
    points.insert(point);
  }
  CHECK(points.size() == 18);
  CHECK_FALSE(count({{"rate", RealInterval{0, 1}, std::nullopt}}));
}

TEST_CASE("Samples cover a space evenly") {
  std::map<Point, int> seen;
  for (uint64_t i = 0; i < 9000; ++i) {
    RandomStream random(3, "test", i);
    ++seen[sample(kChoices, random)];
  }
  CHECK(seen.size() == 18);
  for (const auto& [point, times] : seen) {
    const int expected = std::get<int64_t>(point.values[0]) == 1 ? 1500 : 375;
    CHECK(std::abs(times - expected) < expected / 4);
  }
}

TEST_CASE("A point that does not fit its choices is refused by name") {
  CHECK_THROWS_WITH(point_from_json(kChoices, {{"op", "z"}, {"last", "x"}}),
                    ContainsSubstring("op"));
  CHECK_THROWS_WITH(point_from_json(kChoices, {{"op", "b"}, {"size", 2}, {"last", "x"}}),
                    ContainsSubstring("not active"));
  CHECK_THROWS_WITH(point_from_json(kChoices, {{"op", "a"}, {"size", 9}, {"last", "x"}}),
                    ContainsSubstring("domain"));
  CHECK_THROWS_WITH(point_from_json(kChoices, {{"op", "a"}, {"last", "x"}}),
                    ContainsSubstring("missing"));
  CHECK_THROWS_AS(point_from_json(kChoices, {{"op", "b"}, {"last", "x"}, {"more", 1}}), InputError);
}

TEST_CASE("A choice may depend on a whole number, and counting follows that") {
  const Choices choices{{"layers", IntegerInterval{2, 4}, std::nullopt},
                        {"skip", Categorical{{"no", "yes"}}, Condition{0, {3, 4}}}};
  REQUIRE(count(choices) == 1 + 2 + 2);
  std::set<Point> points;
  for (int64_t i = 0; i < 5; ++i) {
    const Point point = point_at(choices, i);
    CHECK_NOTHROW(check(choices, point));
    points.insert(point);
  }
  CHECK(points.size() == 5);
}

TEST_CASE("A space with long intervals that others depend on is counted at once") {
  Choices choices;
  for (int64_t i = 0; i < 6; ++i) {
    choices.push_back({"long", IntegerInterval{1, 1000}, std::nullopt});
    choices.push_back({"short", IntegerInterval{1, 3}, Condition{2 * i, {7, 8}}});
  }
  CHECK(count(choices) == 1004LL * 1004 * 1004 * 1004 * 1004 * 1004);
}

TEST_CASE("A number that is always the same leaves a space countable") {
  const Choices choices{{"op", Categorical{{"a", "b"}}, std::nullopt},
                        {"rate", RealInterval{0.5, 0.5}, std::nullopt}};
  REQUIRE(count(choices) == 2);
  CHECK(point_at(choices, 1) == Point{{int64_t{1}, 0.5}});
}

TEST_CASE("Options that mean numbers are numbers in a point's JSON") {
  const Choices choices{
      {"width", Categorical{{"16", "32", "0.5"}, true, {16, 32, 0.5}}, std::nullopt}};
  const Point point{{int64_t{1}}};
  CHECK(to_json(choices, point).dump() == R"({"width":32})");
  CHECK(to_json(choices, Point{{int64_t{2}}}).dump() == R"({"width":0.5})");
  CHECK(point_from_json(choices, {{"width", 32}}) == point);
  CHECK(point_from_json(choices, {{"width", "32"}}) == point);
  CHECK_THROWS_WITH(point_from_json(choices, {{"width", 33}}), ContainsSubstring("16, 32"));
}

Trial scored(int64_t number, double accuracy, double cost) {
  Trial trial;
  trial.number = number;
  trial.state = TrialState::complete;
  trial.point = Point{};
  trial.metrics = {{"accuracy", accuracy}, {"cost", cost}};
  return trial;
}

TEST_CASE("The best trial is the earliest among equals; the front holds what nothing dominates") {
  const Objectives objectives{{"accuracy", Goal::maximize}, {"cost", Goal::minimize}};
  std::vector<Trial> trials{scored(0, 1, 5), scored(1, 3, 9), scored(2, 3, 8), scored(3, 2, 2),
                            scored(4, 0, 3)};
  CHECK(best_trial(trials, objectives) == 1);
  CHECK(pareto_front(trials, objectives) == std::vector<size_t>{2, 3});
  trials.push_back(scored(5, 3, 8));
  CHECK(pareto_front(trials, objectives) == std::vector<size_t>{2, 3});
  trials.back().point = Point{{int64_t{1}}};
  CHECK(pareto_front(trials, objectives) == std::vector<size_t>{2, 3, 5});
  trials.pop_back();
  trials[1].state = TrialState::failed;
  CHECK(best_trial(trials, objectives) == 2);
  CHECK_FALSE(best_trial(std::vector<Trial>{}, objectives));
}

TEST_CASE("What a supernet derived is the best where nothing evaluated it, not where that failed") {
  Trial supernet = scored(0, 0, 0);
  supernet.job = Job::supernet;
  supernet.metrics = {{"supernet_train_loss", 1}};
  std::vector<Trial> trials{supernet};
  const Objectives objectives{{"accuracy", Goal::maximize}};
  CHECK(best_trial(trials, objectives) == 0);
  Trial other = scored(1, 0, 0);
  other.state = TrialState::failed;
  other.point = Point{{int64_t{1}}};
  trials.push_back(other);
  CHECK(best_trial(trials, objectives) == 0);
  trials[1].point = supernet.point;
  CHECK_FALSE(best_trial(trials, objectives));
}

}  // namespace
}  // namespace nas
