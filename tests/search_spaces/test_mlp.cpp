#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/mlp.hpp"
#include "tests/search_spaces/nesting.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const TaskShape kTable{{30, 1, 1}, 2};

TEST_CASE("A perceptron reads and prints, and unneeded widths are no choices") {
  const auto space = make_mlp({}, kTable);
  CHECK(space->text(space->parse("128-64 relu")) == "128-64 relu");
  CHECK(space->text(space->parse("16 gelu")) == "16 gelu");
  CHECK(count(space->choices()) == 2 * (5 + 5 * 5 + 5 * 5 * 5));
  CHECK_THROWS_WITH(space->parse("128-65 relu"), ContainsSubstring("found '65 relu'"));
  CHECK_THROWS_WITH(space->parse("128-12 relu"), ContainsSubstring("one of 16, 32, 64, 128, 256"));
  CHECK_THROWS_WITH(space->parse("16-16-16-16 relu"), ContainsSubstring("at most 3 widths"));
  CHECK_THROWS_WITH(space->parse("16 tanh"), ContainsSubstring("one of relu, gelu"));
  CHECK_THROWS_AS(space->parse("16 relu "), InputError);
  MlpOptions options;
  options.layers = {1, 3};
  CHECK_THROWS_WITH(make_mlp(options, kTable)->parse("16-16 relu"),
                    ContainsSubstring("1 or 3 widths"));
}

TEST_CASE("Perceptrons have the parameters of a closed form, whatever the input's shape") {
  for (const Shape& input : {Shape{30, 1, 1}, Shape{2, 3, 5}}) {
    const auto space = make_mlp({}, {input, 2});
    const Cost counted = cost(*space->network(space->parse("128-64 relu")), input);
    CHECK(counted.multiply_adds == 30 * 128 + 128 * 64 + 64 * 2);
    CHECK(counted.parameters == counted.multiply_adds + 128 + 64 + 2 + 2 * (128 + 64));
    CHECK(counted.depth == 3);
  }
  MlpOptions options;
  options.batch_norm = false;
  const auto space = make_mlp(options, kTable);
  CHECK(cost(*space->network(space->parse("16 gelu")), kTable.input).parameters ==
        30 * 16 + 16 + 16 * 2 + 2);
}

TEST_CASE("Dropout stands behind each activation, and several rates of it are a choice") {
  const auto rates = [](const Space& space, const char* text) {
    std::vector<double> found;
    const NetworkPlan plan = *space.network(space.parse(text));
    for (const Node& node : plan.nodes) {
      if (const auto* dropout = std::get_if<Dropout>(&node.layer)) {
        CHECK(node.name.ends_with(".dropout"));
        found.push_back(dropout->probability);
      }
    }
    return found;
  };
  CHECK(rates(*make_mlp({}, kTable), "64-64 relu").empty());
  MlpOptions options;
  options.dropouts = {0.5};
  CHECK(rates(*make_mlp(options, kTable), "64-64 relu") == std::vector<double>{0.5, 0.5});
  options.dropouts = {0, 0.2, 0.5};
  const auto space = make_mlp(options, kTable);
  CHECK(space->text(space->parse("16-32 gelu dropout=0.2")) == "16-32 gelu dropout=0.2");
  CHECK(rates(*space, "16-32 gelu dropout=0.2") == std::vector<double>{0.2, 0.2});
  CHECK(rates(*space, "16-32 gelu dropout=0").empty());
  CHECK(space->choices().back().name == "dropout");
  CHECK_THROWS_WITH(space->parse("16 relu"), ContainsSubstring("' dropout='"));
  CHECK_THROWS_WITH(space->parse("16 relu dropout=1"), ContainsSubstring("one of 0, 0.2, 0.5"));
}

TEST_CASE("Weights of every perceptron are slices of the largest one's") {
  const auto space = make_mlp({}, kTable);
  const NetworkPlan large = *space->network(space->parse("256-256-256 relu"));
  for (int64_t i = 0; i < *count(space->choices()); i += 7) {
    const Point point = point_at(space->choices(), i);
    INFO(space->text(point));
    CHECK(test::nesting_fault(*space->network(point), large).empty());
  }
}

}  // namespace
}  // namespace nas
