#include <set>

#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr auto kBest =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~"
    "2|";

int64_t edges_with(const Point& point, int64_t operation) {
  return std::count(point.values.begin(), point.values.end(), Value(operation));
}

TEST_CASE("A NAS-Bench-201 cell reads and prints as published") {
  const auto space = make_nas_bench_201({}, {});
  CHECK(space->text(space->parse(kBest)) == kBest);
  CHECK_THROWS_WITH(space->parse("|conv~0|+|none~0|none~1|+|none~0|none~1|none~2|"),
                    ContainsSubstring("nor_conv_3x3"));
  CHECK_THROWS_AS(space->parse(std::string(kBest) + "|"), InputError);
  CHECK_THROWS_AS(space->parse(""), InputError);
}

TEST_CASE("All 15,625 cells have the parameters and multiply-adds of the closed forms") {
  const auto space = make_nas_bench_201({}, {});
  REQUIRE(count(space->choices()) == 15625);
  for (int64_t i = 0; i < 15625; ++i) {
    const Point point = point_at(space->choices(), i);
    const int64_t n1 = edges_with(point, 2);
    const int64_t n3 = edges_with(point, 3);
    const Cost counted = cost(*space->network(point), space->task().input);
    REQUIRE(counted.parameters == 73306 + 28000 * n1 + 243040 * n3);
    // The closed form gives millions to five decimals.
    REQUIRE(static_cast<double>(counted.multiply_adds) / 1e6 ==
            Approx(7.78305 + 3.93216 * static_cast<double>(n1 + 9 * n3)).margin(1e-5));
  }
}

TEST_CASE("Without affine batch norms, convolutions of cells have a bias") {
  NasBench201Options options;
  options.affine = false;
  const auto space = make_nas_bench_201(options, {});
  const Point best = space->parse(kBest);  // one number a channel less by convolution
  const int64_t convolutions = edges_with(best, 2) + edges_with(best, 3);
  CHECK(cost(*space->network(best), space->task().input).parameters ==
        73306 + 28000 * edges_with(best, 2) + 243040 * edges_with(best, 3) -
            convolutions * 5 * (16 + 32 + 64));
}

TEST_CASE("6,466 cells differ in topology, as the benchmark's paper counts") {
  const auto space = make_nas_bench_201({}, {});
  std::set<std::string> topologies;
  for (int64_t i = 0; i < 15625; ++i) {
    topologies.insert(space->canonical(point_at(space->choices(), i)));
  }
  CHECK(topologies.size() == 6466);
}

}  // namespace
}  // namespace nas
