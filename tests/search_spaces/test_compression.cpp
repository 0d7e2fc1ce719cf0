#include "nas/search/compression.hpp"

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "search_spaces/registry.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::unique_ptr<Space> read_space(const std::string& options) {
  Component<Space, TaskShape> space;
  read_config_text("space: {" + options + "}", "test", {}, [&](Section& section) {
    space = read_component(section, "space", "", space_registry());
  });
  return space.make({{1, 8, 8}, 10});
}

const std::string kJoint =
    "type: product, parts: {arch: {type: nas_bench_201, channels: 8, cells_per_stage: 1}"
    ", small: {type: compression, parts: 2, keep: [0.5, 1], bits: [4, 8]}}";

}  // namespace

TEST_CASE("A compression has a share and a width to choose for each part") {
  const auto space = read_space("type: compression, parts: 2");
  REQUIRE(space->choices().size() == 4);
  CHECK(space->choices()[0].name == "keep_1");
  CHECK(space->choices()[3].name == "bits_2");
  CHECK(std::get<Categorical>(space->choices()[0].domain).numbers ==
        std::vector<double>{0.25, 0.5, 0.75, 1});
  CHECK(compresses(*space));
}

TEST_CASE("What a product's point says of its compression is no setting of the training") {
  const auto space = read_space(kJoint);
  const Point point =
      space->parse(R"({"arch": "|none~0|+|none~0|none~1|+|none~0|none~1|nor_conv_3x3~2|", )"
                   R"("small": {"per": "stage", "keep": [1, 0.5], "bits": [8, 4]}})");
  CHECK(space->parse(space->text(point)) == point);
  const auto compression = compression_of(*space, point);
  REQUIRE(compression);
  CHECK(compression->keep == std::vector<double>{1, 0.5});
  CHECK(compression->bits == std::vector<int64_t>{8, 4});
  CHECK(space->settings(point).size() == 1);
  CHECK(training_settings(*space, point).empty());
  CHECK_FALSE(compresses(*read_space("type: nas_bench_201")));
}

TEST_CASE("Numbers that a compression does not have to choose are refused") {
  const auto space = read_space("type: compression, parts: 1");
  CHECK_THROWS_WITH(space->parse(R"({"per": "stage", "keep": [0.3], "bits": [8]})"),
                    ContainsSubstring("found 0.3, which is none of the choices"));
  CHECK_THROWS_WITH(space->parse(R"({"per": "layer", "keep": [1], "bits": [8]})"),
                    ContainsSubstring("expected 1 numbers of each kind, per stage"));
  CHECK_THROWS_WITH(read_space("type: compression, bits: [8, 4]"),
                    ContainsSubstring("found '4', expected 4 or 8, in ascending order"));
  CHECK_THROWS_WITH(read_space("type: compression, keep: [0]"),
                    ContainsSubstring("shares above 0 and at most 1"));
  CHECK_THROWS_WITH(read_space("type: compression, keep: []"), ContainsSubstring("is empty"));
}

}  // namespace nas
