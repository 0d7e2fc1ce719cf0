#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/nats_size.hpp"
#include "tests/search_spaces/nesting.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("The size space has 8^5 points that read and print as published") {
  const auto space = make_nats_size({}, {});
  CHECK(count(space->choices()) == 32768);
  CHECK(space->text(space->parse("8:8:16:32:64")) == "8:8:16:32:64");
  CHECK(space->text(point_at(space->choices(), 0)) == "8:8:8:8:8");
}

TEST_CASE("A wrong size is refused with the place") {
  const auto space = make_nats_size({}, {});
  CHECK_THROWS_WITH(space->parse("8:12:16:32:64"), ContainsSubstring("at character 3"));
  CHECK_THROWS_WITH(space->parse("8:8:16:32:72"), ContainsSubstring("up to 64"));
  CHECK_THROWS_WITH(space->parse("8:8:16:32"), ContainsSubstring("':'"));
  CHECK_THROWS_AS(space->parse("8:8:16:32:64:8"), InputError);
  CHECK_THROWS_AS(space->parse(""), InputError);
}

TEST_CASE("More cells in a stage of the size space have the stage's width") {
  NatsSizeOptions options;
  options.cells_per_stage = 3;
  const auto one = make_nats_size({}, {});
  const auto three = make_nats_size(options, {});
  const auto parameters = [](const Space& space, const char* text) {
    return cost(*space.network(space.parse(text)), space.task().input).parameters;
  };
  // A cell of constant width w: five 3x3 convolutions, each with a batch norm.
  const auto cell = [](int64_t w) { return 5 * (9 * w * w + 2 * w); };
  CHECK(parameters(*three, "8:16:24:32:40") - parameters(*one, "8:16:24:32:40") ==
        2 * (cell(8) + cell(24) + cell(40)));
}

TEST_CASE("Networks of the size space are slices of the widest one's weights and projections") {
  const auto space = make_nats_size({}, {});
  const NetworkPlan whole = *space->shared_network();
  for (int64_t i = 0; i < 32768; i += 331) {
    const Point point = point_at(space->choices(), i);
    INFO(space->text(point));
    CHECK(*space->subnetwork(point) == *space->network(point));
    CHECK(test::nesting_fault(*space->network(point), whole).empty());
  }
  // Both of them a 1x1 convolution of 64 channels and its batch norm in each of three cells.
  const auto parameters = [&](const NetworkPlan& plan) {
    return cost(plan, space->task().input).parameters;
  };
  CHECK(parameters(whole) - parameters(*space->network(space->parse("64:64:64:64:64"))) ==
        3 * (64 * 64 + 2 * 64));
}

}  // namespace
}  // namespace nas
