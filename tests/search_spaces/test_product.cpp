#include <fmt/core.h>

#include <array>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/registry.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::unique_ptr<Space> read_space(const std::string& parts) {
  Component<Space, TaskShape> space;
  read_config_text(
      "space: {type: product, parts: {" + parts + "}}", "test", {},
      [&](Section& section) { space = read_component(section, "space", "", space_registry()); });
  return space.make({});
}

const std::string kBoth =
    "arch: {type: nas_bench_201}, params: {type: parameters, parameters: {"
    "opt: {type: categorical, choices: [sgd, adam]},"
    "momentum: {type: float, low: 0, high: 1, when: {opt: sgd}}}}";

TEST_CASE("A product names its choices by part and keeps conditions within the part") {
  const auto space = read_space(kBoth);
  REQUIRE(space->choices().size() == 8);
  CHECK(space->choices()[0].name == "arch.edge_0_1");
  CHECK(space->choices()[7].name == "params.momentum");
  CHECK(space->choices()[7].when->choice == 6);
}

TEST_CASE("A product's text is JSON of its parts' texts") {
  const auto space = read_space(kBoth);
  const std::string text =
      R"({"arch": "|none~0|+|none~0|none~1|+|none~0|none~1|nor_conv_3x3~2|", "params": {"opt": "sgd", "momentum": 0.5}})";
  const Point point = space->parse(text);
  CHECK(space->text(point) == text);
  CHECK(space->network(point));
  CHECK_FALSE(space->supernet());
  CHECK_FALSE(space->drawing(point)["cells"].empty());
  CHECK_THROWS_WITH(space->parse(R"({"arch": "|none~0|"})"), ContainsSubstring("expected '+|'"));
  CHECK_THROWS_WITH(space->parse("{}"), ContainsSubstring("arch is missing"));
  CHECK_THROWS_AS(space->parse("rubbish"), InputError);
}

TEST_CASE("A product shares the weights of its part with networks, whatever the other parts say") {
  const auto space = read_space(kBoth);
  const auto alone = read_space("arch: {type: nas_bench_201}");
  CHECK(space->shared_network() == alone->shared_network());
  const std::array texts{R"("opt": "sgd", "momentum": 0.5)", R"("opt": "adam")"};
  const std::string cell = "|none~0|+|none~0|skip_connect~1|+|none~0|none~1|nor_conv_3x3~2|";
  const auto expected = alone->subnetwork(alone->parse(fmt::format(R"({{"arch": "{}"}})", cell)));
  REQUIRE(expected);
  for (const char* text : texts) {
    const Point point =
        space->parse(fmt::format(R"({{"arch": "{}", "params": {{{}}}}})", cell, text));
    CHECK(space->subnetwork(point) == expected);
    CHECK(space->settings(point).size() >= 1);
  }
  const auto none =
      read_space("params: {type: parameters, parameters: {a: {type: int, low: 1, high: 2}}}");
  CHECK_FALSE(none->shared_network());
  CHECK_FALSE(none->subnetwork(point_at(none->choices(), 0)));
}

TEST_CASE("Two parts with networks are a mistake of the configuration") {
  CHECK_THROWS_WITH(read_space("a: {type: nas_bench_201}, b: {type: nas_bench_201}"),
                    ContainsSubstring("a and b both describe networks"));
}

}  // namespace
}  // namespace nas
