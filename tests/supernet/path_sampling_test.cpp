#include "nas/supernet/path_sampling.hpp"

#include <map>
#include <set>

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

Choices plain() {
  return {{"a", Categorical{{"x", "y", "z"}}, std::nullopt},
          {"b", IntegerInterval{4, 8}, std::nullopt}};
}

}  // namespace

TEST_CASE("uniform sampling draws one point, each option equally often", "[shared]") {
  std::map<int64_t, int> seen;
  for (uint64_t step = 0; step < 3000; ++step) {
    RandomStream random(1, "test", step);
    const auto points = sampled_points(plain(), PathSampling::uniform, random);
    REQUIRE(points.size() == 1);
    ++seen[std::get<int64_t>(points.front().values[0])];
  }
  for (const auto& [option, count] : seen) REQUIRE(count == Approx(1000).margin(120));
}

TEST_CASE("fair sampling has every option of the largest choice once, of others in turn",
          "[shared]") {
  RandomStream random(1, "test");
  std::set<std::vector<Value>> orders;
  for (int step = 0; step < 20; ++step) {
    const auto points = sampled_points(plain(), PathSampling::fair, random);
    REQUIRE(points.size() == 5);
    std::map<int64_t, int> first;
    std::map<int64_t, int> second;
    std::vector<Value> order;
    for (const Point& point : points) {
      check(plain(), point);
      ++first[std::get<int64_t>(point.values[0])];
      ++second[std::get<int64_t>(point.values[1])];
      order.push_back(point.values[1]);
    }
    REQUIRE(second.size() == 5);
    for (const auto& [option, count] : first) REQUIRE((count == 1 || count == 2));
    REQUIRE(first.size() == 3);
    orders.insert(order);
  }
  REQUIRE(orders.size() > 10);
}

TEST_CASE("fair sampling names a choice that it cannot go round", "[shared]") {
  RandomStream random(1, "test");
  Choices choices = plain();
  choices[1].when = Condition{0, {1}};
  REQUIRE_THROWS_WITH(sampled_points(choices, PathSampling::fair, random),
                      ContainsSubstring("choice 'b' depends on another"));
  choices[1] = {"c", RealInterval{0, 1}, std::nullopt};
  REQUIRE_THROWS_WITH(sampled_points(choices, PathSampling::fair, random),
                      ContainsSubstring("choice 'c' is a real number"));
}

}  // namespace nas
