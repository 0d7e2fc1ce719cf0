#include "nas/export/fold.hpp"

#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TrainedNetwork folded(const NetworkPlan& plan, const Shape& input) {
  return with_folded_batch_norms(inference_network(plan, input, random_weights(plan, 2)));
}

bool holds_batch_norm(const NetworkPlan& plan) {
  for (const Node& node : plan.nodes) {
    if (std::holds_alternative<BatchNorm>(node.layer)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("A batch norm goes into the convolution before it") {
  const auto [plan, input] =
      PlanChain({1, 1, 1}).then(Convolution{1, 1, {1, 1}}, "conv").then(BatchNorm{1}, "bn").done();
  const Weights weights{{"conv.weight", {{1, 1, 1, 1}, {2}}},
                        {"bn.weight", {{1}, {3}}},
                        {"bn.bias", {{1}, {5}}},
                        {"bn.running_mean", {{1}, {4}}},
                        {"bn.running_var", {{1}, {0.24999F}}}};
  const auto network = with_folded_batch_norms(inference_network(plan, input, weights));
  REQUIRE(network.plan.nodes.size() == 2);
  CHECK(std::get<Convolution>(network.plan.nodes[1].layer).bias);
  REQUIRE(network.weights.size() == 2);
  // (2 x - 4) / 0.5 * 3 + 5
  CHECK(network.weights.at("conv.weight").values[0] == Approx(12));
  CHECK(network.weights.at("conv.bias").values[0] == Approx(-19));
}

TEST_CASE("A batch norm goes through a concatenation into all that is joined") {
  const NetworkPlan plan = factorized_reduce({4, 6, 2, true});
  const auto network = folded(plan, {4, 8, 8});
  CHECK_FALSE(holds_batch_norm(network.plan));
  CHECK(network.weights.contains("conv1.bias"));
  CHECK(network.weights.contains("conv2.bias"));
}

TEST_CASE("A batch norm stays where another layer reads the convolution, too") {
  PlanBuilder plan;
  const int64_t conv = plan.add(Convolution{2, 2, {1, 1}}, {0}, "conv");
  const int64_t norm = plan.add(BatchNorm{2}, {conv}, "bn");
  const int64_t sum = plan.add(Add{}, {conv, norm}, "sum");
  CHECK(holds_batch_norm(folded(std::move(plan).finish({sum}), {2, 4, 4}).plan));
}

TEST_CASE("A batch norm stays behind what is no linear map") {
  const auto [plan, input] =
      PlanChain({2, 4, 4}).then(Relu{}, "relu").then(BatchNorm{2}, "bn").done();
  CHECK(holds_batch_norm(folded(plan, input).plan));
}

}  // namespace nas
