#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/reinforce/cooling_options.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

CoolingOptions read(const std::string& text) {
  CoolingOptions options;
  read_config_text(text, "c.yaml", {}, [&](Section& section) { describe(section, options); });
  return options;
}

}  // namespace

TEST_CASE("scenarios that share a week of a site are refused", "[reinforce]") {
  REQUIRE(read("{}").validation.sites.front() == "new_york");
  REQUIRE_THROWS_WITH(read("validation: {sites: [tucson], first: 0, every: 4}"),
                      ContainsSubstring("validation") && ContainsSubstring("week"));
  REQUIRE_NOTHROW(read("validation: {sites: [tucson], first: 1, every: 4}"));
  REQUIRE_THROWS_WITH(read("test: {sites: [new_york], first: 5, every: 8}"),
                      ContainsSubstring("test"));
}

TEST_CASE("a point sets options of the learning by name", "[reinforce]") {
  const PpoConfig config = with_settings(PpoConfig(), {{"discount", "0.5"}, {"passes", "3"}});
  REQUIRE(config.discount == .5);
  REQUIRE(config.passes == 3);
  REQUIRE_THROWS_AS(with_settings(PpoConfig(), {{"discounts", "0.5"}}), InputError);
  REQUIRE_THROWS_AS(with_settings(PpoConfig(), {{"discount", "2"}}), InputError);
  REQUIRE(learning_rate_at(config, 0) == config.learning_rate);
  REQUIRE(learning_rate_at(config, config.iterations) == 0);
}

}  // namespace nas
