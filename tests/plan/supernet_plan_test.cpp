#include "nas/plan/supernet_plan.hpp"

#include <algorithm>
#include <stdexcept>

#include "nas/plan/cost.hpp"
#include "nas/plan/option_costs.hpp"
#include "search_spaces/darts.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "search_spaces/nas_bench_macro.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

SupernetPlan darts_supernet(int64_t channels) {
  DartsSpaceOptions options;
  options.channels = channels;
  options.cells = 3;
  options.nodes = 2;
  return *make_darts_space(options, {})->supernet();
}

const Mixed& first_mixed(const SupernetPlan& plan) {
  for (const Node& node : plan.network.nodes) {
    if (const auto* mixed = std::get_if<Mixed>(&node.layer)) return *mixed;
  }
  throw std::logic_error("no mixed layer");
}

}  // namespace

TEST_CASE("Partial channels keep every shape and cost what the narrower operations cost") {
  const Shape input{3, 32, 32};
  const SupernetPlan whole = darts_supernet(16);
  const SupernetPlan part = with_partial_channels(whole, input, 4);
  CHECK(shapes(part.network, input) == shapes(whole.network, input));
  const Mixed& mixed = first_mixed(part);
  CHECK(mixed.part == 4);
  CHECK(mixed.options == first_mixed(darts_supernet(4)).options);

  // Outside of the mixed layers nothing changes.
  const auto mixed_parameters = [](const SupernetPlan& plan) {
    return cost(plan.network, {3, 32, 32}).parameters;
  };
  const int64_t narrow = mixed_parameters(with_partial_channels(whole, input, 2));
  CHECK(mixed_parameters(part) < narrow);
  CHECK(narrow < mixed_parameters(whole));
  CHECK(with_partial_channels(whole, input, 1).network == whole.network);
}

TEST_CASE("Channels that cannot be divided are refused with the layer's name") {
  CHECK_THROWS_WITH(with_partial_channels(darts_supernet(6), {3, 32, 32}, 4),
                    ContainsSubstring("cells.0.edge0") && ContainsSubstring("6 channels"));
  const auto macro = make_nas_bench_macro({}, {});
  CHECK_THROWS_WITH(with_partial_channels(*macro->supernet(), {3, 32, 32}, 4),
                    ContainsSubstring("expected as many"));
}

TEST_CASE("Options cost what the closed form of NAS-Bench-201 says of an edge") {
  const auto bench = make_nas_bench_201({}, {});
  const SupernetPlan supernet = *bench->supernet();
  const ArchitectureWeights costs =
      option_costs(supernet, {3, 32, 32}, [](const NetworkPlan& plan, const Shape& in) {
        return static_cast<double>(cost(plan, in).multiply_adds);
      });
  const auto& options = supernet.groups.front().options;
  REQUIRE(costs.front().size() == 6 * options.size());
  for (size_t i = 0; i < costs.front().size(); ++i) {
    const std::string& option = options[i % options.size()];
    INFO(option);
    const double expected = option == "nor_conv_1x1" ? 1 : option == "nor_conv_3x3" ? 9 : 0;
    CHECK(costs.front()[i] == expected * 3'932'160);
  }
}

TEST_CASE("Rows know which of them are added up in one node") {
  const auto bench = make_nas_bench_201({}, {});
  CHECK(targets_of_rows(*bench->supernet()) ==
        std::vector<std::vector<int64_t>>{{0, 1, 1, 2, 2, 2}});
  const std::vector<int64_t> cell{0, 0, 1, 1, 1};
  CHECK(targets_of_rows(darts_supernet(4)) == std::vector<std::vector<int64_t>>{cell, cell});
  const auto macro = make_nas_bench_macro({}, {});
  for (const auto& rows : targets_of_rows(*macro->supernet())) {
    CHECK(std::is_sorted(rows.begin(), rows.end()));
    CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
  }
}

}  // namespace nas
