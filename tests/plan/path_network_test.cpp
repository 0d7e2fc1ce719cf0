#include "nas/plan/path_network.hpp"

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr Shape kInput{4, 8, 8};

NetworkPlan one(Layer layer, const char* name) {
  PlanBuilder plan;
  const int64_t node = plan.add(std::move(layer), {PlanBuilder::kInput}, name);
  return std::move(plan).finish({node});
}

Mixed pool_or_relu(int64_t row, int64_t stride) {
  return {0, row, {one(AveragePool{3, stride, 1}, "average"), one(MaxPool{3, stride, 1}, "max")}};
}

/// Two edges of stride 2 into a sum, then one out of it.
SupernetPlan diamond() {
  PlanBuilder plan;
  const int64_t a = plan.add(pool_or_relu(0, 2), {PlanBuilder::kInput}, "a");
  const int64_t b = plan.add(pool_or_relu(1, 2), {PlanBuilder::kInput}, "b");
  const int64_t sum = plan.add(Add{}, {a, b}, "sum");
  const int64_t last = plan.add(pool_or_relu(2, 1), {sum}, "last");
  return {std::move(plan).finish({last}), {{"cell", 3, {"average", "max"}}}};
}

std::vector<std::string> names(const NetworkPlan& plan) {
  std::vector<std::string> list;
  for (const Node& node : plan.nodes) list.push_back(node.name);
  return list;
}

TEST_CASE("A path has the chosen options under the names of their weights") {
  const NetworkPlan path = path_network(diamond(), {{0, 1, 1, 0, 0, 1}}, kInput);
  CHECK(names(path) ==
        std::vector<std::string>{"input", "a.1.max", "b.0.average", "sum", "last.1.max"});
  CHECK(path.nodes[3].inputs == std::vector<int64_t>{1, 2});
  CHECK(path.outputs == std::vector<int64_t>{4});
  CHECK(shapes(path, kInput).back() == Shape{4, 4, 4});
}

TEST_CASE("A sum does without absent edges, and zeros stand where nothing else would") {
  const NetworkPlan one_edge = path_network(diamond(), {{0, 0, 1, 0, 1, 0}}, kInput);
  CHECK(names(one_edge) ==
        std::vector<std::string>{"input", "b.0.average", "sum", "last.0.average"});
  const NetworkPlan none = path_network(diamond(), {{0, 0, 0, 0, 1, 0}}, kInput);
  CHECK(names(none) == std::vector<std::string>{"input", "a.absent", "last.0.average"});
  CHECK(none.nodes[1].layer == Layer(Zero{2}));
  const NetworkPlan no_output = path_network(diamond(), {{0, 0, 0, 0, 0, 0}}, kInput);
  CHECK(names(no_output) == std::vector<std::string>{"input", "a.absent", "last.absent"});
  CHECK(shapes(no_output, kInput).back() == Shape{4, 4, 4});
}

TEST_CASE("A path of two options a row, or over partial channels, is refused") {
  CHECK_THROWS_WITH(path_network(diamond(), {{1, 1, 1, 0, 0, 1}}, kInput),
                    ContainsSubstring("path through a: found options 0 and 1"));
  SupernetPlan wider = diamond();
  std::get<Mixed>(wider.network.nodes[1].layer).options = {one(Convolution{4, 6, {1, 1}}, "conv"),
                                                           one(Convolution{4, 6, {1, 1}}, "conv")};
  wider.network.nodes.resize(2);
  wider.network.outputs = {1};
  CHECK_THROWS_WITH(path_network(wider, {{0, 0, 1, 0, 0, 1}}, kInput),
                    ContainsSubstring("path without a: zeros of 6x8x8 do not follow from 4x8x8"));
  SupernetPlan part = diamond();
  std::get<Mixed>(part.network.nodes[1].layer).part = 2;
  CHECK_THROWS_AS(path_network(part, {{0, 1, 1, 0, 0, 1}}, kInput), InputError);
}

}  // namespace
}  // namespace nas
