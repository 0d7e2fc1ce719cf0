#include "nas/export/memory.hpp"

#include "tests/export/every_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Runs a plan on memory that only remembers which node wrote each number; true where every node
/// finds its inputs whole.
bool inputs_survive(const NetworkPlan& plan, const Shape& input) {
  const MemoryPlan memory = plan_memory(plan, input);
  const auto shape = shapes(plan, input);
  std::vector<size_t> writer(static_cast<size_t>(memory.size), 0);
  const auto size_of = [&](size_t node) {
    return static_cast<size_t>(shape[node].channels * shape[node].height * shape[node].width);
  };
  const auto place_of = [&](size_t node) { return static_cast<size_t>(memory.outputs[node]); };
  const auto is_whole = [&](size_t node) {
    for (size_t i = 0; i < size_of(node); ++i) {
      if (writer[place_of(node) + i] != node) return false;
    }
    return true;
  };
  for (size_t node = 1; node < plan.nodes.size(); ++node) {
    for (const int64_t source : plan.nodes[node].inputs) {
      if (source != 0 && !is_whole(static_cast<size_t>(source))) return false;
    }
    if (place_of(node) + size_of(node) > writer.size()) return false;
    for (size_t i = 0; i < size_of(node); ++i) writer[place_of(node) + i] = node;
  }
  return is_whole(static_cast<size_t>(plan.outputs.front()));
}

}  // namespace

TEST_CASE("No value is overwritten before its last reader ran") {
  for (const auto& [plan, input] : networks_of_every_layer()) {
    INFO(plan.nodes.back().name << ", " << plan.nodes.size() << " nodes");
    CHECK(inputs_survive(plan, input));
  }
}

TEST_CASE("Layers that work number by number write over what nothing reads later") {
  const auto [plan, input] = PlanChain({2, 3, 3})
                                 .then(Convolution{2, 4, {1, 1}}, "conv")
                                 .then(Relu{}, "relu")
                                 .then(Gelu{}, "gelu")
                                 .done();
  const MemoryPlan memory = plan_memory(plan, input);
  CHECK(memory.size == 36);
  CHECK(memory.outputs == std::vector<int64_t>{-1, 0, 0, 0});
}

TEST_CASE("The network's input is not written over") {
  const auto [plan, input] = PlanChain({2, 3, 3}).then(Relu{}, "relu").done();
  CHECK(plan_memory(plan, input).size == 18);
}

TEST_CASE("A sum is written over whichever term ends there") {
  PlanBuilder plan;
  const int64_t kept = plan.add(Convolution{2, 2, {1, 1}}, {0}, "kept");
  const int64_t other = plan.add(Convolution{2, 2, {1, 1}}, {0}, "other");
  const int64_t sum = plan.add(Add{}, {kept, other}, "sum");
  const int64_t twice = plan.add(Add{}, {sum, kept}, "twice");
  const MemoryPlan memory = plan_memory(std::move(plan).finish({twice}), {2, 2, 2});
  CHECK(memory.size == 16);
  CHECK(memory.outputs[static_cast<size_t>(sum)] == memory.outputs[static_cast<size_t>(other)]);
}

TEST_CASE("Attention has room for the weights of one position") {
  const auto [plan, input] = PlanChain({4, 3, 5})
                                 .then(Convolution{4, 12, {1, 1}}, "qkv")
                                 .then(Attention{4, 2}, "attention")
                                 .done();
  const MemoryPlan memory = plan_memory(plan, input);
  CHECK(memory.size == 12 * 15 + 4 * 15 + 15);
  CHECK(memory.scratch[1] == -1);
  CHECK(memory.scratch[2] >= 12 * 15);
}

}  // namespace nas
