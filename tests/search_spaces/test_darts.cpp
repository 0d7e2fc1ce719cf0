#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/darts.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr auto kDartsV1 =
    "Genotype(normal=[('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('skip_connect', 0), "
    "('sep_conv_3x3', 1), ('skip_connect', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), "
    "('skip_connect', 2)], normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), "
    "('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 0), ('max_pool_3x3', 0), "
    "('skip_connect', 2), ('skip_connect', 2), ('avg_pool_3x3', 0)], reduce_concat=[2, 3, 4, 5])";
constexpr auto kDartsV2 =
    "normal=[(sep_conv_3x3,0),(sep_conv_3x3,1),(sep_conv_3x3,0),(sep_conv_3x3,1),(sep_conv_3x3,1),"
    "(skip_connect,0),(skip_connect,0),(dil_conv_3x3,2)] normal_concat=[2,3,4,5] "
    "reduce=[(max_pool_3x3,0),(max_pool_3x3,1),(skip_connect,2),(max_pool_3x3,1),(max_pool_3x3,0),"
    "(skip_connect,2),(skip_connect,2),(max_pool_3x3,1)] reduce_concat=[2,3,4,5]";

TEST_CASE("The published DARTS cells have the published parameter counts") {
  DartsSpaceOptions options;
  options.auxiliary = GENERATE(false, true);
  const auto space = make_darts_space(options, {});
  const auto parameters = [&](const char* text) {
    return cost(*space->network(space->parse(text)), space->task().input).parameters;
  };
  CHECK(parameters(kDartsV1) == 3169414);
  CHECK(parameters(kDartsV2) == 3349342);
}

TEST_CASE("The published supernet has 1,930,618 weights") {
  DartsSpaceOptions options;
  options.channels = 16;
  options.cells = 8;
  const auto space = make_darts_space(options, {});
  const auto supernet = space->supernet();
  REQUIRE(supernet->groups.size() == 2);
  CHECK(supernet->groups[0].rows == 14);
  CHECK(cost(supernet->network, space->task().input).parameters == 1930618);
}

TEST_CASE("A DARTS genotype prints its edges in the order of their inputs") {
  const auto space = make_darts_space({}, {});
  const std::string text = space->text(space->parse(kDartsV1));
  CHECK(text.starts_with("normal=[(sep_conv_3x3,0),(sep_conv_3x3,1),(skip_connect,0)"));
  CHECK(space->parse(text) == space->parse(kDartsV1));
}

TEST_CASE("The DARTS space has (180 * 7^8)^2 points") {
  DartsSpaceOptions options;
  options.nodes = 2;
  const auto space = make_darts_space(options, {});
  CHECK(count(space->choices()) == int64_t{3 * 2401} * (3 * 2401));
  CHECK(count(make_darts_space({}, {})->choices()) ==
        int64_t{180 * 5764801} * int64_t{180 * 5764801});
}

TEST_CASE("A wrong genotype is refused with the place") {
  const auto space = make_darts_space({}, {});
  std::string text = kDartsV2;
  CHECK_THROWS_WITH(space->parse(text.substr(0, 40)), ContainsSubstring("at character"));
  text.replace(text.find("sep_conv_3x3"), 12, "sep_conv_9x9");
  CHECK_THROWS_WITH(space->parse(text), ContainsSubstring("sep_conv_5x5"));
  CHECK_THROWS_WITH(space->parse("normal=[(sep_conv_3x3,0),(sep_conv_3x3,0)"),
                    ContainsSubstring("different inputs"));
  CHECK_THROWS_WITH(space->parse("normal=[(sep_conv_3x3,0),(sep_conv_3x3,2)"),
                    ContainsSubstring("an input from 0 to 1"));
}

TEST_CASE("The published rule takes the two strongest inputs and never none") {
  DartsSpaceOptions options;
  options.nodes = 2;
  const auto space = make_darts_space(options, {});
  // Node 2: inputs 0, 1. Node 3: inputs 0, 1, 2; input 1 is strong in `none` alone.
  std::vector<double> rows(5 * 8, 0.1);
  rows[0 * 8 + 4] = 0.5;  // node 2, input 0: sep_conv_3x3
  rows[1 * 8 + 3] = 0.4;  // node 2, input 1: skip_connect
  rows[2 * 8 + 1] = 0.3;  // node 3, input 0: max_pool_3x3
  rows[3 * 8 + 0] = 0.9;  // node 3, input 1: none
  rows[4 * 8 + 7] = 0.6;  // node 3, input 2: dil_conv_5x5
  CHECK(space->text(space->derive({rows, rows})) ==
        "normal=[(sep_conv_3x3,0),(skip_connect,1),(max_pool_3x3,0),(dil_conv_5x5,2)] "
        "normal_concat=[2,3] "
        "reduce=[(sep_conv_3x3,0),(skip_connect,1),(max_pool_3x3,0),(dil_conv_5x5,2)] "
        "reduce_concat=[2,3]");
}

TEST_CASE("An auxiliary head on maps that are too small is refused") {
  DartsSpaceOptions options;
  options.auxiliary = true;
  options.cells = 3;
  const auto space = make_darts_space(options, {{1, 8, 8}, 10});
  CHECK_THROWS_WITH(space->network(space->parse(kDartsV2)), ContainsSubstring("auxiliary"));
}

}  // namespace
}  // namespace nas
