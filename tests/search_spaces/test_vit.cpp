#include <cmath>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/vit.hpp"
#include "tests/search_spaces/nesting.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const TaskShape kImagenet{{3, 224, 224}, 1000};

VitOptions autoformer(std::vector<int64_t> embeddings, std::vector<int64_t> depths,
                      std::vector<int64_t> heads) {
  VitOptions options;
  options.patch_size = 16;
  options.embeddings = std::move(embeddings);
  options.depths = std::move(depths);
  options.heads = std::move(heads);
  options.mlp_ratios = {3, 3.5, 4};
  return options;
}

Cost cost_of(const Space& space, const std::string& text) {
  return cost(*space.network(space.parse(text)), space.task().input);
}

/// Layer by layer; `patch` of the input, `side` patches in a row, heads of 64 channels.
int64_t expected_parameters(int64_t e, const std::vector<int64_t>& heads,
                            const std::vector<double>& ratios, int64_t patch, int64_t side) {
  int64_t sum = 3 * patch * patch * e + e + side * side * e;
  for (size_t block = 0; block < heads.size(); ++block) {
    const int64_t inner = 64 * heads[block];
    const auto hidden = static_cast<int64_t>(static_cast<double>(e) * ratios[block]);
    sum += 2 * e + e * 3 * inner + 3 * inner + inner * e + e;
    sum += 2 * e + e * hidden + hidden + hidden * e + e;
  }
  return sum + 2 * e;
}

TEST_CASE("The default transformers are those of AutoFormer's tiny supernet") {
  const auto space = make_vit({}, {});
  // By depth, heads and ratios of each block are free, beside the embedding dimension.
  const int64_t per_block = 2 * 2;
  const auto count_at = [&](int64_t depth) {
    return static_cast<int64_t>(std::pow(per_block, depth));
  };
  CHECK(count(space->choices()) == 3 * (count_at(12) + count_at(13) + count_at(14)));
}

TEST_CASE("A transformer reads and prints") {
  VitOptions options;
  options.depths = {1, 3};
  const auto space = make_vit(options, {});
  const char* text = "embed=216 heads=3,4,3 mlp=3.5,4,3.5";
  CHECK(space->text(space->parse(text)) == text);
  CHECK(space->text(space->parse("embed=192 heads=4 mlp=4")) == "embed=192 heads=4 mlp=4");
  CHECK_THROWS_WITH(space->parse("embed=200 heads=4 mlp=4"),
                    ContainsSubstring("at character 7") && ContainsSubstring("192, 216, 240"));
  CHECK_THROWS_WITH(space->parse("embed=192 heads=4,4 mlp=4,4"),
                    ContainsSubstring("for 1 or 3 blocks"));
  CHECK_THROWS_WITH(space->parse("embed=192 heads=4,4,3 mlp=4,4"),
                    ContainsSubstring("for 3 blocks"));
  CHECK_THROWS_WITH(space->parse("embed=192 heads=4 mlp=4 "), ContainsSubstring("the end"));
  CHECK_THROWS_AS(space->parse("embed=192 heads=5 mlp=4"), InputError);
}

TEST_CASE("Transformers have the parameters of a closed form") {
  VitOptions options;
  options.depths = {3, 4};
  const auto space = make_vit(options, {{3, 32, 32}, 100});
  for (const int64_t e : {192, 216, 240}) {
    const Cost counted =
        cost_of(*space, "embed=" + std::to_string(e) + " heads=3,4,3,3 mlp=3.5,4,4,3.5");
    CHECK(counted.parameters ==
          expected_parameters(e, {3, 4, 3, 3}, {3.5, 4, 4, 3.5}, 4, 8) + e * 100 + 100);
    // Every weight of a convolution is used once a position, that of the head once.
    const int64_t inner = 64 * (3 + 4 + 3 + 3);
    const int64_t per_patch = 3 * 16 * e + 4 * inner * e + 2 * 15 * e * e;
    CHECK(counted.multiply_adds == 64 * per_patch + e * 100);
  }
}

TEST_CASE("AutoFormer's small and base networks have the published millions of parameters") {
  // What these have beside: a class token with its position, and in each block four tables of 30
  // relative positions by 64 channels, for keys and values, up and across.
  const auto millions = [](const Space& space, const std::string& text, int64_t e, int64_t blocks) {
    const int64_t beside = 2 * e + blocks * 4 * 30 * 64;
    return std::round(static_cast<double>(cost_of(space, text).parameters + beside) / 1e5) / 10;
  };
  const auto small = make_vit(autoformer({320, 384, 448}, {12, 13, 14}, {5, 6, 7}), kImagenet);
  CHECK(millions(*small,
                 "embed=384 heads=6,6,5,7,5,5,5,6,6,7,7,6,7 mlp=3,3.5,3,3.5,4,4,4,4,4,4,4,3.5,4",
                 384, 13) == 22.9);
  const auto base = make_vit(autoformer({528, 576, 624}, {14, 15, 16}, {8, 9, 10}), kImagenet);
  CHECK(millions(*base,
                 "embed=576 heads=9,9,9,9,9,10,9,9,10,9,10,9,9,10"
                 " mlp=3.5,3.5,4,3.5,4,3.5,3.5,3,4,4,3,4,3,3.5",
                 576, 14) == 53.7);
}

TEST_CASE("Weights of every transformer are slices of the largest one's") {
  VitOptions options;
  options.depths = {2, 4, 5};
  options.mlp_ratios = {1, 2.5, 4};
  const auto space = make_vit(options, {{3, 16, 16}, 10});
  Point largest;
  for (const auto& choice : space->choices()) largest.values.emplace_back(cardinality(choice) - 1);
  const NetworkPlan large = *space->network(largest);
  RandomStream random(1, "test");
  for (int i = 0; i < 20; ++i) {
    const Point point = sample(space->choices(), random);
    INFO(space->text(point));
    CHECK(test::nesting_fault(*space->network(point), large).empty());
  }
  CHECK_FALSE(test::nesting_fault(large, *space->network(point_at(space->choices(), 0))).empty());
}

TEST_CASE("Patches that do not fit the input are a mistake of the configuration") {
  VitOptions options;
  options.patch_size = 5;
  CHECK_THROWS_WITH(make_vit(options, {{3, 32, 30}, 10}),
                    ContainsSubstring("found 5, expected a divisor") &&
                        ContainsSubstring("height 32 and width 30"));
  CHECK_THROWS_AS(make_vit(options, {{3, 32, 30}, 10}), ConfigError);
  CHECK_NOTHROW(make_vit(options, {{3, 35, 30}, 10}));
}

}  // namespace
}  // namespace nas
