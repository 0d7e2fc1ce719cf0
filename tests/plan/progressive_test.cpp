#include "nas/plan/progressive.hpp"

#include <stdexcept>

#include "search_spaces/darts.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

SupernetPlan small_plan() {
  DartsSpaceOptions options;
  options.channels = 4;
  options.cells = 3;
  options.nodes = 1;
  return *make_darts_space(options, {})->supernet();
}

const Mixed& mixed_of(const SupernetPlan& plan, int64_t group, int64_t row) {
  for (const Node& node : plan.network.nodes) {
    const auto* mixed = std::get_if<Mixed>(&node.layer);
    if (mixed != nullptr && mixed->group == group && mixed->row == row) return *mixed;
  }
  throw std::logic_error("no such mixed layer");
}

}  // namespace

TEST_CASE("The strongest options are kept by row, and their weights find their places again") {
  const std::vector<ArchitectureGroup> groups{{"cell", 2, {"a", "b", "c", "d"}}};
  const ArchitectureWeights weights{{0.1, 0.4, 0.2, 0.3, 0.25, 0.25, 0.25, 0.25}};
  const KeptOptions kept = strongest_options(weights, groups, 2);
  CHECK(kept == KeptOptions{{{1, 3}, {0, 1}}});
  CHECK(expanded({{0.6, 0.4, 0.9, 0.1}}, groups, kept) ==
        ArchitectureWeights{{0, 0.6, 0, 0.4, 0.9, 0.1, 0, 0}});
  CHECK(strongest_options(weights, groups, 0).front().front().size() == 4);
  CHECK(expanded(weights, groups, {}) == weights);
}

TEST_CASE("A supernet of kept options holds these and no others") {
  const SupernetPlan whole = small_plan();
  const KeptOptions kept{{{3, 4}, {0, 7}}, {{1, 2}, {2, 5}}};
  const SupernetPlan narrow = with_options(whole, kept);
  CHECK(
      mixed_of(narrow, 0, 1).options ==
      std::vector<NetworkPlan>{mixed_of(whole, 0, 1).options[0], mixed_of(whole, 0, 1).options[7]});
  CHECK(
      mixed_of(narrow, 1, 0).options ==
      std::vector<NetworkPlan>{mixed_of(whole, 1, 0).options[1], mixed_of(whole, 1, 0).options[2]});
  CHECK(narrow.groups.front().options.size() == 2);
  CHECK(shapes(narrow.network, {3, 32, 32}) == shapes(whole.network, {3, 32, 32}));
}

TEST_CASE("Skip dropout follows the skip connections alone") {
  const SupernetPlan whole = small_plan();
  const SupernetPlan dropped = with_skip_dropout(whole);
  const auto& names = whole.groups.front().options;
  for (size_t k = 0; k < names.size(); ++k) {
    const NetworkPlan& option = mixed_of(dropped, 0, 0).options[k];
    const auto& last = option.nodes[static_cast<size_t>(option.outputs.front())].layer;
    INFO(names[k]);
    CHECK(std::holds_alternative<DropPath>(last) == (names[k] == "skip_connect"));
  }
}

}  // namespace nas
