#include "nas/core/error.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const testing::PlainSpace kSpace({{"op", Categorical{{"a", "b"}}, std::nullopt},
                                  {"size", IntegerInterval{3, 9}, Condition{0, {1}}}});
const Objectives kObjectives{Objective{}};

TEST_CASE("Given points are tried in their order, also one twice, and then no more") {
  const std::string config = "type: given, architectures: ['[1, 4]', '[0, null]', '[1, 4]']";
  const auto controller = testing::make_controller(config, {kSpace, kObjectives, 1});
  const auto trials = testing::search(*controller, 10, 8, [](const Point&) {
    return Metrics{{"loss", 1}};
  });
  REQUIRE(trials.size() == 3);
  CHECK(kSpace.text(*trials[0].point) == "[1,4]");
  CHECK(kSpace.text(*trials[1].point) == "[0,null]");
  CHECK(trials[2].point == trials[0].point);
}

TEST_CASE("A given point that the space does not have is named") {
  const std::string config = "type: given, architectures: ['[0, null]', '[1, 10]']";
  try {
    testing::make_controller(config, {kSpace, kObjectives, 1});
    FAIL("was taken");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find("controller.architectures: '[1, 10]': ") == 0);
  }
}

}  // namespace
}  // namespace nas
