#include "nas/plan/channel_coupling.hpp"

#include "nas/compress/kept_channels.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/pruned_network.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

Convolution convolution(int64_t in, int64_t out, int64_t groups = 1) {
  Convolution layer;
  layer.in_channels = in;
  layer.out_channels = out;
  layer.kernel = {3, 3};
  layer.padding = {1, 1};
  layer.groups = groups;
  return layer;
}

constexpr Shape kInput{3, 4, 4};

/// The groups' sizes and producers' names.
std::vector<std::pair<size_t, std::vector<std::string>>> groups_of(const NetworkPlan& plan) {
  std::vector<std::pair<size_t, std::vector<std::string>>> groups;
  for (const auto& group : channel_coupling(plan, kInput).groups) {
    std::vector<std::string> names;
    for (const int64_t node : group.producers) {
      names.push_back(plan.nodes[static_cast<size_t>(node)].name);
    }
    groups.emplace_back(group.units.size(), names);
  }
  return groups;
}

using Groups = std::vector<std::pair<size_t, std::vector<std::string>>>;

NetworkPlan pooled(PlanBuilder builder, int64_t x, int64_t channels) {
  x = builder.add(GlobalAveragePool{}, {x}, "pool");
  x = builder.add(Linear{channels, 10, true}, {x}, "head");
  return std::move(builder).finish({x});
}

}  // namespace

TEST_CASE("A residual sum couples the channels of all its terms") {
  PlanBuilder builder;
  const int64_t stem = builder.add(convolution(3, 8), {0}, "stem");
  int64_t x = builder.add(convolution(8, 5), {stem}, "inner");
  x = builder.add(BatchNorm{5, true}, {x}, "norm");
  x = builder.add(convolution(5, 8), {x}, "outer");
  x = builder.add(Add{}, {stem, x}, "sum");
  CHECK(groups_of(pooled(std::move(builder), x, 8)) ==
        Groups{{8, {"stem", "outer"}}, {5, {"inner"}}});
}

TEST_CASE("What a concatenation joins stays apart, and its readers lose the right places") {
  PlanBuilder builder;
  const int64_t a = builder.add(convolution(3, 2), {0}, "a");
  const int64_t b = builder.add(convolution(3, 3), {0}, "b");
  int64_t x = builder.add(Concatenate{}, {a, b}, "both");
  x = builder.add(BatchNorm{5, true}, {x}, "norm");
  const NetworkPlan plan = pooled(std::move(builder), x, 5);
  CHECK(groups_of(plan) == Groups{{2, {"a"}}, {3, {"b"}}});
  const auto coupling = channel_coupling(plan, kInput);
  const KeptUnits kept = kept_units_from({{"b", {1}}}, plan, coupling);
  const auto pruned = pruned_network(plan, kInput, coupling, kept);
  CHECK(std::get<Linear>(pruned.plan.nodes.back().layer).in_features == 3);
  for (const auto& cut : pruned.cuts) {
    if (cut.tensor == "norm.weight") CHECK(cut.kept == std::vector<int64_t>{0, 1, 3});
  }
}

TEST_CASE("A sum over a concatenation ties its layer to both parts of it") {
  PlanBuilder builder;
  const int64_t a = builder.add(convolution(3, 2), {0}, "a");
  const int64_t b = builder.add(convolution(3, 3), {0}, "b");
  const int64_t c = builder.add(convolution(3, 5), {0}, "c");
  int64_t x = builder.add(Concatenate{}, {a, b}, "both");
  x = builder.add(Add{}, {x, c}, "sum");
  CHECK(groups_of(pooled(std::move(builder), x, 5)) == Groups{{2, {"a", "c"}}, {3, {"b", "c"}}});
}

TEST_CASE("Depthwise convolutions pass channels on; grouped ones lose the same of each group") {
  PlanBuilder builder;
  int64_t x = builder.add(convolution(3, 8), {0}, "stem");
  x = builder.add(convolution(8, 16, 8), {x}, "depthwise");
  x = builder.add(convolution(16, 12), {x}, "middle");
  x = builder.add(convolution(12, 6, 3), {x}, "grouped");
  const NetworkPlan plan = pooled(std::move(builder), x, 6);
  CHECK(groups_of(plan) == Groups{{8, {"stem"}}, {4, {"middle"}}, {2, {"grouped"}}});
  const auto coupling = channel_coupling(plan, kInput);
  const KeptUnits kept = kept_units_from({{"stem", {0, 7}}, {"middle", {1, 5, 9}}}, plan, coupling);
  const auto pruned = pruned_network(plan, kInput, coupling, kept).plan;
  CHECK(std::get<Convolution>(pruned.nodes[2].layer) == convolution(2, 4, 2));
  CHECK(std::get<Convolution>(pruned.nodes[3].layer) == convolution(4, 3));
  CHECK(std::get<Convolution>(pruned.nodes[4].layer) == convolution(3, 6, 3));
  CHECK(cost(pruned, kInput).parameters == 3 * 9 * 2 + 9 * 4 + 4 * 9 * 3 + 9 * 6 + 6 * 10 + 10);
}

TEST_CASE("A linear layer after a map loses all positions of a channel") {
  PlanBuilder builder;
  int64_t x = builder.add(convolution(3, 4), {0}, "stem");
  x = builder.add(Linear{4 * 16, 6, true}, {x}, "hidden");
  x = builder.add(Linear{6, 10, true}, {x}, "head");
  const NetworkPlan plan = std::move(builder).finish({x});
  const auto coupling = channel_coupling(plan, kInput);
  const auto pruned =
      pruned_network(plan, kInput, coupling, kept_units_from({{"stem", {2}}}, plan, coupling));
  CHECK(std::get<Linear>(pruned.plan.nodes[2].layer).in_features == 16);
  CHECK(pruned.cuts.back().kept.front() == 32);
  CHECK(pruned.cuts.back().kept.back() == 47);
}

TEST_CASE("Layer norms, attention and outputs leave their channels alone") {
  PlanBuilder builder;
  int64_t x = builder.add(convolution(3, 8), {0}, "stem");
  x = builder.add(LayerNorm{8}, {x}, "norm");
  x = builder.add(convolution(8, 24), {x}, "queries");
  x = builder.add(Attention{8, 2}, {x}, "attention");
  x = builder.add(convolution(8, 7), {x}, "hidden");
  CHECK(groups_of(pooled(std::move(builder), x, 7)) == Groups{{7, {"hidden"}}});
}

TEST_CASE("Kept channels that do not fit the network are refused by name") {
  PlanBuilder builder;
  const int64_t stem = builder.add(convolution(3, 4), {0}, "stem");
  int64_t x = builder.add(convolution(4, 4), {stem}, "inner");
  x = builder.add(Add{}, {stem, x}, "sum");
  const NetworkPlan plan = pooled(std::move(builder), x, 4);
  const auto coupling = channel_coupling(plan, kInput);
  CHECK_THROWS_WITH(kept_units_from({{"stern", {1}}}, plan, coupling), ContainsSubstring("stern"));
  CHECK_THROWS_WITH(kept_units_from({{"stem", {1}}}, plan, coupling),
                    ContainsSubstring("do not fit"));
  CHECK_THROWS_WITH(kept_units_from({{"head", {1}}}, plan, coupling),
                    ContainsSubstring("no layer can lose"));
  CHECK_THROWS_WITH(kept_units_from({{"stem", Json::array()}}, plan, coupling),
                    ContainsSubstring("none"));
  CHECK_THROWS_WITH(kept_units_from({{"stem", "all"}}, plan, coupling), ContainsSubstring("list"));
  CHECK(kept_units_from({{"stem", {1}}, {"inner", {1}}}, plan, coupling).size() ==
        static_cast<size_t>(coupling.units));
}

}  // namespace nas
