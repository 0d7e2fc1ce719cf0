#include "nas/config/yaml_reader.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/registry.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const torch::Device kCpu(torch::kCPU);

/// Small spaces of kinds whose networks differ in more than one cell.
std::vector<std::unique_ptr<Space>> small_spaces() {
  std::vector<std::unique_ptr<Space>> spaces;
  for (const char* config :
       {"{type: enas_macro, layers: 6, channels: 4}",
        "{type: resnet, channels: 8, stages: 2, depths: [1, 2]}",
        "{type: resnet, channels: 4, stages: 2, depths: [1, 2], block: bottleneck, stem: imagenet}",
        "{type: vit, head_size: 4, embeddings: [8, 12], depths: [1, 2, 3], heads: [1, 2, 3]}",
        "{type: mlp, widths: [8, 16]}",
        "{type: conv1d, stages: 2, channels: 4, widths: [4, 8], kernels: [3, 5]}",
        "{type: hierarchical, stages: 2, channels: [4, 8], cell: {type: nas_bench_201}}"}) {
    Component<Space, TaskShape> component;
    read_config_text(std::string("space: ") + config, "test", {}, [&](Section& section) {
      component = read_component(section, "space", "", space_registry());
    });
    spaces.push_back(component.make({{3, 16, 16}, 10}));
  }
  return spaces;
}

int64_t count_parameters(const Network& network) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

torch::Tensor random_input(const Space& space) {
  const Shape& input = space.task().input;
  return torch::randn({4, input.channels, input.height, input.width});
}

}  // namespace

TEST_CASE("sampled whole networks have the parameters of their plans", "[torch]") {
  for (const auto& space : small_spaces()) {
    RandomStream random(5, "test");
    for (int i = 0; i < 4; ++i) {
      const Point point = sample(space->choices(), random);
      INFO(space->name() << " " << space->text(point));
      const auto plan = space->network(point);
      const auto network = build_network(*plan, 1, kCpu);
      REQUIRE(count_parameters(*network) == cost(*plan, space->task().input).parameters);
      network->eval();
      const torch::Tensor y = network->forward(random_input(*space)).front();
      REQUIRE(y.sizes() == torch::IntArrayRef({4, 10}));
      REQUIRE(y.isfinite().all().item<bool>());
    }
  }
}

TEST_CASE("the largest whole networks learn by every weight", "[torch]") {
  for (const auto& space : small_spaces()) {
    if (space->name() == "hierarchical") continue;  // a cell may have dead ends
    Point largest;
    for (const Choice& choice : space->choices()) {
      largest.values.emplace_back(cardinality(choice) - 1);
    }
    INFO(space->name() << " " << space->text(largest));
    const auto network = build_network(*space->network(largest), 1, kCpu);
    network->forward(random_input(*space)).front().pow(2).sum().backward();
    for (const auto& item : network->named_parameters()) {
      INFO(item.key());
      REQUIRE(item.value().grad().defined());
      REQUIRE(item.value().grad().isfinite().all().item<bool>());
    }
  }
}

TEST_CASE("the ENAS supernet learns by every weight, operation and skip connection", "[torch]") {
  const auto space = std::move(small_spaces().front());
  const auto supernet = space->supernet();
  const auto network = build_network(supernet->network, 1, kCpu);
  REQUIRE(count_parameters(*network) == cost(supernet->network, space->task().input).parameters);
  std::vector<torch::Tensor> weights;
  for (const ArchitectureGroup& group : supernet->groups) {
    const auto options = static_cast<int64_t>(group.options.size());
    weights.push_back(
        torch::full({group.rows, options}, 1.0 / static_cast<double>(options)).requires_grad_());
  }
  network->set_mixture(weights);
  network->forward(random_input(*space)).front().pow(2).sum().backward();
  REQUIRE(weights[0].grad().abs().gt(0).all().item<bool>());
  // Of the skip connections all but "none".
  REQUIRE(weights[1].grad().abs().gt(0).sum().item<int64_t>() == weights[1].size(0));
  for (const auto& item : network->named_parameters()) {
    INFO(item.key());
    REQUIRE(item.value().grad().abs().sum().item<double>() > 0);
  }
}

}  // namespace nas
