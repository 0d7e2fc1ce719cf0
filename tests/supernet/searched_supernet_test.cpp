#include "nas/supernet/searched_supernet.hpp"

#include "nas/core/file.hpp"
#include "nas/hardware/latency_table.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

/// Options none, skip_connect, relu-conv-norm and pool of each of two edges on 2x6x6.
LatencyTable edge_table() {
  LatencyTable table;
  const std::vector<std::string> in{"2x6x6"};
  table.overhead = 1000;  // no part of an option
  table.entries = {
      {{"zero, stride 1", in}, 500},  // never computed in a mixture
      {{"relu", in}, 1},
      {{"convolution 2 to 2, kernel 3x3, stride 1, padding 1x1, dilation 1, groups 1", in}, 4},
      {{"batch_norm 2", in}, 2},
      {{"average_pool, kernel 3, stride 1, padding 1", in}, 3}};
  return table;
}

DartsSetting priced_by(const std::filesystem::path& table) {
  DartsSetting setting;
  setting.options.cost = {CostTerm::Of::latency, 0.5, table.string()};
  return setting;
}

}  // namespace

TEST_CASE("options are priced by their latency in a table, as a share of an even mixture's",
          "[supernet]") {
  const Scratch scratch;
  write_file_atomically(scratch / "t.json", to_json(edge_table()).dump());
  const SupernetSetting setting =
      supernet_setting(priced_by(scratch / "t.json"), test::two_edges(), {3, 6, 6});
  // An even mixture takes (0 + 0 + 7 + 3) / 4 on each of two edges, which is to cost 0.5.
  const double price = 0.5 / 5;
  const std::vector<double> expected{0, 0, 7 * price, 3 * price, 0, 0, 7 * price, 3 * price};
  REQUIRE(setting.option_prices.size() == 1);
  for (size_t i = 0; i < expected.size(); ++i) {
    REQUIRE(setting.option_prices[0].at(i) == Approx(expected[i]));
  }
}

TEST_CASE("a table without an option's layer is refused by name", "[supernet]") {
  const Scratch scratch;
  LatencyTable table = edge_table();
  table.entries.erase({"relu", {"2x6x6"}});
  write_file_atomically(scratch / "t.json", to_json(table).dump());
  REQUIRE_THROWS_WITH(supernet_setting(priced_by(scratch / "t.json"), test::two_edges(), {3, 6, 6}),
                      ContainsSubstring("no entry for relu on 2x6x6"));
}

}  // namespace nas
