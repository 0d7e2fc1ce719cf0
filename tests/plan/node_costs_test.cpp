#include "nas/plan/cost.hpp"
#include "nas/plan/operations.hpp"
#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("The counts of single layers sum to those of their network") {
  for (const Operation& operation : operation_table()) {
    INFO(operation.name);
    const NetworkPlan plan = operation.build({6, 6, 2, true});
    const Cost whole = cost(plan, {6, 8, 8});
    int64_t parameters = 0;
    int64_t multiply_adds = 0;
    for (const NodeCost& node : node_costs(plan, {6, 8, 8})) {
      parameters += node.parameters;
      multiply_adds += node.multiply_adds;
      CHECK(node.parameters > 0);
    }
    CHECK(parameters == whole.parameters);
    CHECK(multiply_adds == whole.multiply_adds);
  }
}

TEST_CASE("An auxiliary head has no layer of the network") {
  PlanBuilder plan;
  const int64_t conv = plan.add(Convolution{2, 2, {1, 1}}, {0}, "conv");
  const int64_t scores = plan.add(Linear{2, 3}, {conv}, "scores");
  const int64_t head = plan.add(Linear{2, 3}, {conv}, "head");
  const auto costs = node_costs(std::move(plan).finish({scores, head}), {2, 1, 1});
  REQUIRE(costs.size() == 2);
  CHECK(costs[1].node == scores);
  CHECK(costs[1].multiply_adds == 6);
}

}  // namespace nas
