#include "nas/search/elastic.hpp"

#include <set>

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// A stage of one to three blocks with three kernels each; widths as a range.
const Choices kStage{{"depth", Categorical{{"1", "2", "3"}}, std::nullopt},
                     {"block_1.kernel", Categorical{{"3", "5", "7"}}, std::nullopt},
                     {"block_2.kernel", Categorical{{"3", "5", "7"}}, Condition{0, {1, 2}}},
                     {"block_3.kernel", Categorical{{"3", "5", "7"}}, Condition{0, {2}}},
                     {"width", IntegerInterval{4, 9}, std::nullopt}};

constexpr std::monostate kAbsent{};

std::vector<Value> values(Value a, Value b, Value c, Value d, Value e) { return {a, b, c, d, e}; }

std::vector<Value> integers(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e) {
  return values(a, b, c, d, e);
}

std::set<Point> drawn(const ElasticChoices& elastic) {
  std::set<Point> points;
  for (uint64_t step = 0; step < 4000; ++step) {
    RandomStream random(3, "test", step);
    points.insert(elastic.random(random));
  }
  return points;
}

TEST_CASE("Where nothing is open there is one point, the largest") {
  const ElasticChoices elastic(kStage);
  CHECK(elastic.largest().values == integers(2, 2, 2, 2, 9));
  CHECK(elastic.smallest() == elastic.largest());
  CHECK(drawn(elastic) == std::set<Point>{elastic.largest()});
}

TEST_CASE("What is open is drawn, all of it and nothing else") {
  ElasticChoices elastic(kStage);
  elastic.open({"*kernel", 2});
  CHECK(elastic.smallest().values == integers(2, 1, 1, 1, 9));
  CHECK(drawn(elastic).size() == 8);
  elastic.open({"depth", 2});
  CHECK(elastic.smallest().values ==
        values(int64_t{1}, int64_t{1}, int64_t{1}, kAbsent, int64_t{9}));
  CHECK(drawn(elastic).size() == 8 + 4);
  elastic.open({"*", 0});
  CHECK(elastic.smallest().values == values(int64_t{0}, int64_t{0}, kAbsent, kAbsent, int64_t{4}));
  CHECK(elastic.largest().values == integers(2, 2, 2, 2, 9));
  CHECK(drawn(elastic).size() == 6 * (3 + 9 + 27));
  for (const Point& point : drawn(elastic)) CHECK_NOTHROW(check(kStage, point));
}

TEST_CASE("The last of several openings of a choice counts") {
  ElasticChoices elastic(kStage);
  elastic.open({"*", 0});
  elastic.open({"block_*", 2});
  elastic.open({"width", 1});
  CHECK(elastic.smallest().values == values(int64_t{0}, int64_t{1}, kAbsent, kAbsent, int64_t{9}));
}

TEST_CASE("Variants differ from the largest point in one choice and in what depends on it") {
  ElasticChoices elastic(kStage);
  elastic.open({"depth", 0});
  elastic.open({"block_2*", 2});
  const auto variants = elastic.variants();
  REQUIRE(variants.size() == 4);
  CHECK(variants[0] == elastic.largest());
  CHECK(variants[1].values == values(int64_t{1}, int64_t{2}, int64_t{2}, kAbsent, int64_t{9}));
  CHECK(variants[2].values == values(int64_t{0}, int64_t{2}, kAbsent, kAbsent, int64_t{9}));
  CHECK(variants[3].values == integers(2, 2, 1, 2, 9));
}

TEST_CASE("A name that fits no choice, and a real choice, are refused") {
  ElasticChoices elastic(kStage);
  CHECK_THROWS_WITH(elastic.open({"*expansion", 0}), ContainsSubstring("'*expansion'"));
  const Choices real{{"rate", RealInterval{0, 1}, std::nullopt}};
  CHECK_THROWS_AS(ElasticChoices(real), UsageError);
}

TEST_CASE("Stars stand for any text") {
  CHECK(fits("*", ""));
  CHECK(fits("a*c", "abbc"));
  CHECK(fits("a*c", "ac"));
  CHECK(fits("*.kernel", "stage_1.block_2.kernel"));
  CHECK(fits("stage_*.block_1.*", "stage_3.block_1.expansion"));
  CHECK_FALSE(fits("kernel", "block.kernel"));
  CHECK_FALSE(fits("*kernel", "kernel.size"));
  CHECK_FALSE(fits("a*b*c", "acb"));
}

}  // namespace
}  // namespace nas
