#include "nas/search/relation.hpp"

#include "nas/core/error.hpp"
#include "nas/search/choice.hpp"
#include "nas/search/sampling.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"width", IntegerInterval{1, 512}, std::nullopt},
                       {"depth", IntegerInterval{1, 64}, std::nullopt},
                       {"rate", RealInterval{0, 1}, std::nullopt},
                       {"opt", Categorical{{"sgd", "adam"}}, std::nullopt},
                       {"batch", Categorical{{"16", "32"}, true, {16, 32}}, std::nullopt},
                       {"size.x", Categorical{{"8", "2.5"}}, Condition{3, {1}}}};

/// width 64, depth 10, rate 0.25, sgd, batch 32; no size.x.
const Point kPoint{{int64_t{64}, int64_t{10}, 0.25, int64_t{0}, int64_t{1}, Value{}}};

bool holds(const char* text, const Point& point = kPoint) {
  return Relation(text, kChoices).holds(point);
}

TEST_CASE("Relations compare sums, products, quotients and differences of parameters") {
  CHECK(holds("width * depth <= 640"));
  CHECK_FALSE(holds("width * depth < 640"));
  CHECK(holds("width - depth - 4 == 50"));
  CHECK(holds("width / depth / 2 == 3.2"));
  CHECK(holds("2 + 3 * depth == 32"));
  CHECK(holds("(2 + 3) * depth == 50"));
  CHECK(holds("-depth + -(-width) > 0"));
  CHECK(holds("rate != 0.5"));
  CHECK(holds("width*depth>=0.64K"));
  CHECK(holds("rate > 1e-3"));
  CHECK(holds("batch == 32"));
}

TEST_CASE("Names of any characters stand between backticks, letters of any language as they are") {
  const IntegerInterval one{3, 3};
  const Choices choices{{"batch-size", one, std::nullopt}, {"größe", one, std::nullopt}};
  const Point point{{int64_t{3}, int64_t{3}}};
  CHECK(Relation("`batch-size` * größe == 9", choices).holds(point));
  CHECK_FALSE(Relation("2 * `größe` < `batch-size`", choices).holds(point));
  CHECK_THROWS_WITH(Relation("`batch-size < 3", choices), ContainsSubstring("a second `"));
  CHECK_THROWS_WITH(Relation("batch-size < 3", choices), ContainsSubstring("between `"));
}

TEST_CASE("All comparisons of a row hold, or the relation does not") {
  CHECK(holds("1 < depth < width"));
  CHECK_FALSE(holds("1 < width < depth"));
  CHECK_FALSE(holds("11 < depth < width"));
}

TEST_CASE("A relation that names a parameter which is not active holds") {
  CHECK(holds("size.x < 0"));
  Point other = kPoint;
  other.values[3] = int64_t{1};
  other.values[5] = int64_t{1};
  CHECK_FALSE(holds("size.x < 0", other));
  CHECK(holds("size.x == 2.5", other));
}

TEST_CASE("A division by zero breaks a relation instead of keeping it") {
  CHECK_FALSE(holds("(depth - 10) / (depth - 10) <= 1"));
}

TEST_CASE("Points that are sampled or mutated keep the relations of their choices") {
  Choices choices{{"low", IntegerInterval{0, 100}, std::nullopt},
                  {"high", IntegerInterval{0, 100}, std::nullopt}};
  choices[1].relations.emplace_back("low + 50 < high", choices);
  RandomStream random(1, "test");
  Point point = sample(choices, random);
  for (int i = 0; i < 200; ++i) {
    CHECK_FALSE(broken_relation(choices, point));
    CHECK_FALSE(broken_relation(choices, sample(choices, random)));
    point = mutate(choices, point, random);
  }
  CHECK(broken_relation(choices, Point{{int64_t{50}, int64_t{100}}}) == "low + 50 < high");
}

TEST_CASE("A relation that no point keeps does not keep a search waiting") {
  Choices choices{{"a", RealInterval{0, 1}, std::nullopt}};
  choices[0].relations.emplace_back("a > 1", choices);
  RandomStream random(1, "test");
  CHECK(broken_relation(choices, sample(choices, random)));
}

TEST_CASE("A relation moves with its choices") {
  Relation relation("width * depth <= 640", kChoices);
  CHECK(relation.last_choice() == 1);
  relation.shift(2);
  CHECK(relation.last_choice() == 3);
  CHECK(relation.holds(Point{{int64_t{999}, 0.5, int64_t{64}, int64_t{10}}}));
  CHECK_FALSE(relation.holds(Point{{int64_t{1}, 0.5, int64_t{65}, int64_t{10}}}));
}

TEST_CASE("Mistakes of a relation are named with their place") {
  const auto refused = [](const std::string& text, const char* why) {
    INFO(text);
    CHECK_THROWS_WITH(Relation(text, kChoices), ContainsSubstring(why));
    CHECK_THROWS_AS(Relation(text, kChoices), InputError);
  };
  refused("1 < 2", "expected a parameter");
  refused("", "found the end at character 1");
  refused("width", "comparison");
  refused("width <", "found the end at character 8");
  refused("wdith < 3", "name of a parameter");
  refused("opt < 3", "numbers");
  refused("width depth < 3", "found 'depth < 3' at character 7");
  refused("(width < 3", "')'");
  refused("width < 3)", "comparison");
  refused("width = 3", "comparison");
  refused("width < 3x", "a number");
  refused(std::string(1000, '(') + "width < 3", "fewer parentheses");
  refused(std::string(1000, '-') + "width < 3", "fewer parentheses");
}

}  // namespace
}  // namespace nas
