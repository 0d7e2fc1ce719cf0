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

TEST_CASE("A constraint's unit is one of its metric") {
  CHECK(constraint_from_text("latency <= 5ms") == Constraint{"latency", Bound::at_most, 0.005});
  CHECK(constraint_from_text("latency <= 0.005").limit == 0.005);
  CHECK(constraint_from_text("peak_memory <= 256KB").limit == 256'000);
  CHECK(constraint_from_text("peak_memory <= 256 KiB").limit == 262'144);
  CHECK(constraint_from_text("energy <= 2mJ").limit == 0.002);
  CHECK(constraint_from_text("round_trip <= 2s").limit == 2);
  for (const char* wrong : {"latency <= 5MB", "peak_memory <= 5ms", "energy <= 5s",
                            "parameters <= 5ms", "multiply_adds <= 1KB"}) {
    INFO(wrong);
    CHECK_THROWS_AS(constraint_from_text(wrong), InputError);
  }
  CHECK_THROWS_WITH(constraint_from_text("latency <= 5MB"),
                    ContainsSubstring("expected a time like 5ms"));
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
