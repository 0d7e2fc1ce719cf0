#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/hierarchical.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const TaskShape kDigits{{3, 32, 32}, 10};

std::unique_ptr<Space> space_of(const std::string& config) {
  HierarchicalOptions options;
  read_config_text(config, "test", {}, [&](Section& section) { describe(section, options); });
  return make_hierarchical(options, kDigits);
}

int64_t parameters_of(const Space& space, const std::string& text) {
  return cost(*space.network(space.parse(text)), space.task().input).parameters;
}

const std::string kCell =
    "|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|";

TEST_CASE("A hierarchical network reads and prints both levels") {
  const auto space = space_of("{cell: {type: nas_bench_201}}");
  CHECK(count(space->choices()) == 3 * 27 * 15625);
  const std::string text = "channels=16 cells=1-3-2 cell=" + kCell;
  CHECK(space->text(space->parse(text)) == text);
  CHECK_THROWS_WITH(space->parse("channels=9 cells=1-3-2 cell=" + kCell),
                    ContainsSubstring("one of 8, 16, 32"));
  CHECK_THROWS_WITH(space->parse("channels=16 cells=1-4-2 cell=" + kCell),
                    ContainsSubstring("at character 21"));
  CHECK_THROWS_WITH(space->parse("channels=16 cells=1-3-2 cell=|skip~0|"),
                    ContainsSubstring("cell: at character 2"));
  CHECK_THROWS_AS(space->parse(text + " "), InputError);
}

TEST_CASE("Each stage may have a cell of its own, out of operations that the configuration names") {
  const auto space = space_of(
      "{cells: [0, 2], stages: 2, cell_per: stage,"
      " cell: {type: dag, nodes: 3, operations: [skip_connect, mb3_k3, sep_conv_5x5]}}");
  CHECK(count(space->choices()) == 3 * 4 * 27 * 27);
  const std::string first = "|mb3_k3~0|+|skip_connect~0|sep_conv_5x5~1|";
  const std::string second = "|mb3_k3~0|+|skip_connect~0|mb3_k3~1|";
  const std::string text = "channels=8 cells=0-2 cell=" + first + " cell=" + second;
  const Point point = space->parse(text);
  CHECK(space->text(point) == text);
  CHECK(space->drawing(point)["cells"].size() == 2);  // the stages, and the one cell in use
  CHECK(space->canonical(point) ==
        space->canonical(space->parse("channels=8 cells=0-2 cell=" + second + " cell=" + second)));
  CHECK(space->canonical(point) !=
        space->canonical(space->parse("channels=8 cells=0-2 cell=" + first + " cell=" + first)));
  CHECK(space->canonical(point) !=
        space->canonical(space->parse("channels=8 cells=2-2 cell=" + first + " cell=" + second)));
}

TEST_CASE("A hierarchical network of equal stages is NAS-Bench-201's but for its reductions") {
  const auto space = space_of("{cells: [1, 5], cell: {type: nas_bench_201}}");
  NasBench201Options options;
  options.channels = 16;
  options.cells_per_stage = 5;
  const auto benchmark = make_nas_bench_201(options, kDigits);
  const auto convolution = [](int64_t in, int64_t out) { return 9 * in * out + 2 * out; };
  const auto reduction = [&](int64_t in) { return convolution(in, 2 * in); };
  const auto residual = [&](int64_t in) {
    return reduction(in) + convolution(2 * in, 2 * in) + in * 2 * in;
  };
  CHECK(parameters_of(*space, "channels=16 cells=5-5-5 cell=" + kCell) - reduction(16) -
            reduction(32) ==
        parameters_of(*benchmark, kCell) - residual(16) - residual(32));
}

TEST_CASE("Cells of a stage have its width") {
  const auto space = space_of("{cells: [0, 1, 3], cell: {type: nas_bench_201}}");
  const auto parameters = [&](const char* cells) {
    return parameters_of(*space, std::string("channels=8 cells=") + cells + " cell=" + kCell);
  };
  const auto cell = [](int64_t w) { return 2 * 9 * w * w + w * w + 3 * 2 * w; };
  CHECK(parameters("1-0-0") - parameters("0-0-0") == cell(8));
  CHECK(parameters("0-1-0") - parameters("0-0-0") == cell(16));
  CHECK(parameters("0-0-3") - parameters("0-0-0") == 3 * cell(32));
}

TEST_CASE("A nested cell is checked where it stands") {
  CHECK_THROWS_WITH(space_of("{cell: {type: dag, operations: [nor_conv_3x4]}}"),
                    ContainsSubstring("cell.operations") && ContainsSubstring("nor_conv_3x3"));
  CHECK_THROWS_WITH(space_of("{cell: {type: dag, operations: [none, none]}}"),
                    ContainsSubstring("lists 'none' twice"));
  CHECK_THROWS_WITH(space_of("{cell: {type: darts}}"), ContainsSubstring("nas_bench_201"));
  CHECK_THROWS_WITH(space_of("{stages: 2}"), ContainsSubstring("cell"));
}

}  // namespace
}  // namespace nas
