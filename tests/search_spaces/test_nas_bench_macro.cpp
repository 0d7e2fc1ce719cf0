#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/nas_bench_macro.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("A NAS-Bench-Macro network reads and prints as eight digits") {
  const auto space = make_nas_bench_macro({}, {});
  CHECK(count(space->choices()) == 6561);
  CHECK(space->text(space->parse("02012100")) == "02012100");
  CHECK_THROWS_WITH(space->parse("02032100"), ContainsSubstring("at character 4"));
  CHECK_THROWS_WITH(space->parse("0201210"), ContainsSubstring("found 'the end'"));
  CHECK_THROWS_AS(space->parse("020121000"), InputError);
}

TEST_CASE("All 6,561 NAS-Bench-Macro networks have the published counts") {
  const char* folder = std::getenv("NAS_DATA");
  const std::filesystem::path root =
      folder != nullptr ? folder : std::string(NAS_SOURCE_DIR) + "/../shared/data";
  std::ifstream file(root / "nas_bench_macro/nas-bench-macro_cifar10.json");
  if (!file) {
    WARN("skipped: no nas_bench_macro/nas-bench-macro_cifar10.json below NAS_DATA");
    return;
  }
  const Json published = Json::parse(file);
  REQUIRE(published.size() == 6561);
  const auto space = make_nas_bench_macro({}, {});
  for (const auto& [text, entry] : published.items()) {
    INFO(text);
    const Cost counted = cost(*space->network(space->parse(text)), space->task().input);
    REQUIRE(counted.parameters == entry["params"].get<int64_t>());
    REQUIRE(counted.multiply_adds == entry["flops"].get<int64_t>());
  }
}

TEST_CASE("The likeliest operations of the NAS-Bench-Macro supernet are derived") {
  const auto space = make_nas_bench_macro({}, {});
  const auto supernet = space->supernet();
  REQUIRE(supernet->groups.size() == 1);
  REQUIRE(supernet->groups[0].rows == 8);
  std::vector<double> rows(8 * 3, 0.2);
  for (size_t layer = 0; layer < 8; ++layer) rows[3 * layer + layer % 3] = 0.6;
  CHECK(space->text(space->derive({rows})) == "01201201");
}

}  // namespace
}  // namespace nas
