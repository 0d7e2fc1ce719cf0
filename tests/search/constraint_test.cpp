#include "nas/search/constraint.hpp"

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("A constraint is a metric, a bound and a number with a suffix") {
  CHECK(constraint_from_text("parameters <= 1M") ==
        Constraint{"parameters", Bound::at_most, 1'000'000});
  CHECK(constraint_from_text("multiply_adds<=300M").limit == 300e6);
  CHECK(constraint_from_text("accuracy >= 92.5") == Constraint{"accuracy", Bound::at_least, 92.5});
  CHECK(constraint_from_text("parameters <= 1.5k").limit == 1500);
  for (const char* wrong : {"", "parameters", "parameters < 1M", "<= 3", "parameters <=",
                            "parameters <= many", "two words <= 1", "a <= 1 <= 2"}) {
    CHECK_THROWS_AS(constraint_from_text(wrong), InputError);
  }
}

TEST_CASE("A breach tells both figures") {
  const Constraint constraint = constraint_from_text("parameters <= 1k");
  CHECK_FALSE(breach(constraint, {{"parameters", 1000}}));
  CHECK_FALSE(breach(constraint, {}));
  CHECK(breach(constraint, {{"parameters", 1001}}) ==
        "parameters: found 1001, expected at most 1000");
  CHECK(breach(constraint_from_text("depth >= 3"), {{"depth", 2}}) ==
        "depth: found 2, expected at least 3");
}

}  // namespace
}  // namespace nas
