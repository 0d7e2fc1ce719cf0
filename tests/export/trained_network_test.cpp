#include "nas/export/trained_network.hpp"

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/safetensors.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// A convolution, a skip and an edge of zeros that are summed, and two nodes that nothing needs.
NetworkPlan plan_with_dead_ends() {
  PlanBuilder plan;
  const int64_t conv = plan.add(Convolution{2, 2, {1, 1}}, {0}, "conv");
  const int64_t none = plan.add(Zero{1}, {conv}, "none");
  const int64_t drop = plan.add(DropPath{}, {conv}, "drop");
  plan.add(Convolution{2, 4, {1, 1}}, {none}, "dead");
  const int64_t sum = plan.add(Add{}, {none, drop}, "sum");
  const int64_t skip = plan.add(Identity{}, {sum}, "skip");
  const int64_t scores = plan.add(Linear{8, 3}, {skip}, "scores");
  const int64_t head = plan.add(Linear{8, 3}, {conv}, "auxiliary");
  return std::move(plan).finish({scores, head});
}

std::vector<std::string> names(const NetworkPlan& plan) {
  std::vector<std::string> result;
  for (const Node& node : plan.nodes) result.push_back(node.name);
  return result;
}

}  // namespace

TEST_CASE("An inference network holds what its scores need, and no more") {
  const NetworkPlan plan = plan_with_dead_ends();
  const auto network = inference_network(plan, {2, 2, 2}, random_weights(plan, 1));
  CHECK(names(network.plan) == std::vector<std::string>{"input", "conv", "scores"});
  CHECK(network.plan.outputs == std::vector<int64_t>{2});
  CHECK(network.plan.nodes[2].inputs == std::vector<int64_t>{1});
  CHECK(network.weights.size() == 3);
  CHECK(network.weights.contains("conv.weight"));
}

TEST_CASE("A weight that is missing or of another shape is named") {
  const NetworkPlan plan = plan_with_dead_ends();
  Weights weights = random_weights(plan, 1);
  weights["scores.bias"].shape = {4};
  CHECK_THROWS_WITH(inference_network(plan, {2, 2, 2}, weights),
                    "tensor 'scores.bias' is [4], expected [3]");
  weights.erase("scores.bias");
  CHECK_THROWS_WITH(inference_network(plan, {2, 2, 2}, weights),
                    ContainsSubstring("lack tensor 'scores.bias'"));
}

TEST_CASE("A supernet is no network to export") {
  PlanBuilder plan;
  Mixed mixed;
  mixed.options = {find_operation("skip_connect").build({2, 2, 1, true})};
  const int64_t node = plan.add(mixed, {0}, "edge");
  CHECK_THROWS_WITH(inference_network(std::move(plan).finish({node}), {2, 2, 2}, {}),
                    ContainsSubstring("supernet"));
}

TEST_CASE("Weights are float32") {
  const std::string bytes(8, '\0');
  const std::vector<NamedArray> arrays{{"a.weight", ArrayType::float64, {1}, bytes}};
  const auto file = decode_safetensors(encode_safetensors(arrays, Json::object()), "test");
  CHECK_THROWS_WITH(weights_of(file), ContainsSubstring("'a.weight' is F64, expected F32"));
}

TEST_CASE("Values are flat after linear layers") {
  const auto [plan, input] = networks_of_every_layer()[30];
  const auto flat = flat_nodes(plan);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    INFO(plan.nodes[i].name);
    const bool after = plan.nodes[i].name == "hidden" || flat[i - (i > 0 ? 1 : 0)] != 0;
    CHECK((flat[i] != 0) == after);
  }
  CHECK(flat.back() != 0);
}

}  // namespace nas
