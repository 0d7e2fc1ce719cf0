#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/robust_darts.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::unique_ptr<Space> subspace(const char* name, int64_t nodes = 4) {
  RobustDartsOptions options;
  options.subspace = name;
  options.darts.nodes = nodes;
  return make_robust_darts(options, {});
}

/// Two equal cells whose nodes all take both inputs of the cell.
std::string genotype(const std::string& a, const std::string& b) {
  std::string items;
  for (int node = 0; node < 4; ++node) items += ",(" + a + ",0),(" + b + ",1)";
  items = "=[" + items.substr(1) + "]";
  return "normal" + items + " normal_concat=[2,3,4,5] reduce" + items + " reduce_concat=[2,3,4,5]";
}

TEST_CASE("S1 and S2 choose of two operations an edge, S3 of as many and none") {
  for (const char* name : {"S1", "S2", "S3"}) {
    const auto space = subspace(name);
    INFO(name);
    CHECK(count(space->choices()) == int64_t{180 * 256} * (180 * 256));
    const auto supernet = space->supernet();
    REQUIRE(supernet->groups.size() == 2);
    CHECK(supernet->groups[0].rows == 14);
    CHECK(supernet->groups[0].options.size() == (std::string_view(name) == "S3" ? 3 : 2));
  }
}

TEST_CASE("A cell of S2 is the same network as in the whole DARTS space") {
  const auto small = subspace("S2");
  const auto whole = make_darts_space({}, {});
  const std::string text = genotype("sep_conv_3x3", "skip_connect");
  CHECK(small->text(small->parse(text)) == text);
  CHECK(*small->network(small->parse(text)) == *whole->network(whole->parse(text)));
  CHECK_THROWS_WITH(small->parse(genotype("sep_conv_5x5", "skip_connect")),
                    ContainsSubstring("one of skip_connect, sep_conv_3x3"));
}

TEST_CASE("S1 refuses an operation on an edge that does not offer it, with the place") {
  const auto space = subspace("S1");
  // The published pairs of the normal cell's edges into node 2: skip_connect with dil_conv_3x3, and
  // skip_connect with dil_conv_5x5.
  CHECK_THROWS_WITH(space->parse(genotype("dil_conv_5x5", "skip_connect")),
                    ContainsSubstring("at character 10") &&
                        ContainsSubstring("one of skip_connect, dil_conv_3x3 on the edge"));
  CHECK_THROWS_WITH(space->parse(genotype("sep_conv_5x5", "skip_connect")),
                    ContainsSubstring("one of max_pool_3x3"));
}

TEST_CASE("S1 derives each edge's own operations") {
  const auto space = subspace("S1", 1);
  // Normal: the second option of both edges; reduction: the first of both.
  const std::vector<double> second{0.4, 0.6, 0.3, 0.7};
  const std::vector<double> first{0.6, 0.4, 0.7, 0.3};
  CHECK(space->text(space->derive({second, first})) ==
        "normal=[(dil_conv_3x3,0),(dil_conv_5x5,1)] normal_concat=[2] "
        "reduce=[(max_pool_3x3,0),(max_pool_3x3,1)] reduce_concat=[2]");
}

TEST_CASE("S3 never derives none") {
  const auto space = subspace("S3", 1);
  const std::vector<double> rows{0.8, 0.15, 0.05, 0.8, 0.05, 0.15};
  CHECK(space->text(space->derive({rows, rows}))
            .starts_with("normal=[(skip_connect,0),(sep_conv_3x3,1)]"));
}

TEST_CASE("S1 has no cells of five nodes") {
  CHECK_THROWS_WITH(subspace("S1", 5), ContainsSubstring("at most 4"));
}

}  // namespace
}  // namespace nas
