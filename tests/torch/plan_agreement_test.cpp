#include "nas/plan/cost.hpp"
#include "nas/plan/operations.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/darts.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/plans.hpp"

namespace nas {
namespace {

const torch::Device kCpu(torch::kCPU);

int64_t count_parameters(const Network& network) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

Shape shape_of(const torch::Tensor& y) {
  return {y.size(1), y.dim() > 2 ? y.size(2) : 1, y.dim() > 2 ? y.size(3) : 1};
}

torch::Tensor random_input(const Shape& shape) {
  return torch::randn({2, shape.channels, shape.height, shape.width});
}

/// Every node's shape, seen by making each node the output in turn.
void check_every_shape(NetworkPlan plan, const Shape& input) {
  const auto expected = shapes(plan, input);
  const torch::Tensor x = random_input(input);
  for (size_t i = 1; i < plan.nodes.size(); ++i) {
    plan.outputs = {static_cast<int64_t>(i)};
    const auto network = build_network(plan, 1, kCpu);
    network->eval();
    INFO("node " << plan.nodes[i].name);
    REQUIRE(shape_of(network->forward(x).front()) == expected[i]);
  }
}

void check_counts(const NetworkPlan& plan, const Shape& input) {
  const auto network = build_network(plan, 1, kCpu);
  network->eval();
  REQUIRE(count_parameters(*network) == cost(plan, input).parameters);
  const auto expected = shapes(plan, input)[static_cast<size_t>(plan.outputs.front())];
  const torch::Tensor y = network->forward(random_input(input)).front();
  REQUIRE(shape_of(y) == expected);
  REQUIRE(y.isfinite().all().item<bool>());
}

std::unique_ptr<Space> small_darts(int64_t channels, int64_t cells, bool auxiliary) {
  DartsSpaceOptions options;
  options.channels = channels;
  options.cells = cells;
  options.auxiliary = auxiliary;
  return make_darts_space(options, TaskShape{});
}

std::unique_ptr<Space> small_nas_bench_201() {
  NasBench201Options options;
  options.channels = 4;
  options.cells_per_stage = 1;
  return make_nas_bench_201(options, TaskShape{{1, 8, 8}, 10});
}

}  // namespace

TEST_CASE("every operation has the shapes and parameters of its plan", "[torch]") {
  for (const Operation& operation : operation_table()) {
    for (const auto& setting :
         {OperationSetting{6, 6, 1, true}, OperationSetting{6, 6, 2, false}}) {
      INFO(operation.name << ", stride " << setting.stride);
      const NetworkPlan plan = operation.build(setting);
      check_every_shape(plan, {6, 8, 8});
      check_counts(plan, {6, 8, 8});
    }
  }
}

TEST_CASE("sampled networks have the shapes and parameters of their plans", "[torch]") {
  const auto space = GENERATE(0, 1) == 0 ? small_nas_bench_201() : small_darts(4, 3, false);
  RandomStream random(4, "test");
  for (int i = 0; i < 5; ++i) {
    const Point point = sample(space->choices(), random);
    INFO(space->text(point));
    const auto plan = space->network(point);
    REQUIRE(plan.has_value());
    check_counts(*plan, space->task().input);
  }
}

TEST_CASE("a sampled network learns by every weight", "[torch]") {
  const auto space = small_darts(4, 6, true);
  RandomStream random(4, "test");
  const auto plan = space->network(sample(space->choices(), random));
  const auto network = build_network(*plan, 1, kCpu);
  network->set_drop_path(0.1);
  const auto outputs = network->forward(random_input(space->task().input));
  REQUIRE(outputs.size() == 2);
  (outputs[0].pow(2).sum() + outputs[1].pow(2).sum()).backward();
  for (const auto& item : network->named_parameters()) {
    INFO(item.key());
    REQUIRE(item.value().grad().defined());
    REQUIRE(item.value().grad().isfinite().all().item<bool>());
  }
}

TEST_CASE("the DARTS supernet has the published number of weights and trains", "[torch]") {
  const auto big = small_darts(16, 8, false)->supernet();
  REQUIRE(count_parameters(*build_network(big->network, 1, kCpu)) == 1930618);
  const auto supernet = small_darts(4, 3, false)->supernet();
  const auto network = build_network(supernet->network, 1, kCpu);
  std::vector<torch::Tensor> weights;
  for (const ArchitectureGroup& group : supernet->groups) {
    const auto options = static_cast<int64_t>(group.options.size());
    weights.push_back(
        torch::full({group.rows, options}, 1.0 / static_cast<double>(options)).requires_grad_());
  }
  network->set_mixture(weights);
  network->forward(torch::randn({2, 3, 32, 32})).front().pow(2).sum().backward();
  for (const torch::Tensor& weight : weights) {
    REQUIRE(weight.grad().isfinite().all().item<bool>());
    // Every edge and option but "none" matters.
    REQUIRE(weight.grad().abs().gt(0).sum().item<int64_t>() ==
            weight.size(0) * (weight.size(1) - 1));
  }
}

}  // namespace nas
