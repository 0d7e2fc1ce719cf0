#include "nas/supernet/shared_network.hpp"

#include "nas/core/error.hpp"
#include "nas/search/sampling.hpp"
#include "nas/supernet/weight_slice.hpp"
#include "search_spaces/darts.hpp"
#include "search_spaces/nas_bench_macro.hpp"
#include "search_spaces/robust_darts.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const TaskShape kTask{{3, 16, 16}, 5};

std::vector<std::unique_ptr<Space>> spaces() {
  DartsSpaceOptions cells;
  cells.channels = 4;
  cells.cells = 3;
  cells.nodes = 3;
  NasBench201Options edges;
  edges.channels = 4;
  edges.cells_per_stage = 1;
  NasBenchMacroOptions layers;
  layers.channels = 4;
  std::vector<std::unique_ptr<Space>> list;
  list.push_back(make_darts_space(cells, kTask));
  list.push_back(make_robust_darts({"S1", cells}, kTask));
  list.push_back(make_nas_bench_201(edges, kTask));
  list.push_back(make_nas_bench_macro(layers, kTask));
  return list;
}

Point point_of(const Space& space, uint64_t index) {
  RandomStream random(3, "test", index);
  return sample(space.choices(), random);
}

/// Weights of 1 at the path's options.
std::vector<torch::Tensor> mixture(const Space& space, const Point& point) {
  const auto plan = *space.supernet();
  const auto path = *space.path(point);
  std::vector<torch::Tensor> weights;
  for (size_t i = 0; i < path.size(); ++i) {
    weights.push_back(torch::tensor(path[i], torch::kFloat).view({plan.groups[i].rows, -1}));
  }
  return weights;
}

/// Running statistics that differ from layer to layer.
void stir(const NamedTensors& state) {
  torch::manual_seed(8);
  for (const auto& [name, tensor] : state) {
    if (name.ends_with("running_mean")) torch::Tensor(tensor).normal_(0, 0.3);
    if (name.ends_with("running_var")) torch::Tensor(tensor).uniform_(0.5, 2);
  }
}

Pass training() {
  Pass pass;
  pass.training = true;
  return pass;
}

torch::Tensor gradient_of(const NamedTensors& state, const std::string& name) {
  for (const auto& [known, tensor] : state) {
    if (known == name) return tensor.grad();
  }
  throw std::logic_error("no weight " + name);
}

}  // namespace

TEST_CASE("a subnetwork gives bit for bit what the supernet gives for its path", "[shared]") {
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({GENERATE(4, 32), 3, 16, 16});
  for (const auto& space : spaces()) {
    INFO(space->name());
    const SharedNetwork shared(*space->shared_network(), 2, torch::kCPU);
    const auto whole = build_network(space->supernet()->network, 2, torch::kCPU);
    stir(state_of(*whole));
    stir(shared.state());
    whole->eval();
    for (uint64_t i = 0; i < 4; ++i) {
      const torch::NoGradGuard no_grad;
      const Point point = point_of(*space, i);
      const NetworkPlan part = *space->subnetwork(point);
      whole->set_mixture(mixture(*space, point));
      const torch::Tensor expected = whole->forward(x).front();
      REQUIRE(expected.std().item<double>() > 0);
      REQUIRE(shared.subnetwork(part).forward(x, {}).equal(expected));
      const auto copy = shared.extract(part);
      copy->eval();
      REQUIRE(copy->forward(x).front().equal(expected));
    }
  }
}

TEST_CASE("a subnetwork trains the weights and statistics of its path alone", "[shared]") {
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({4, 3, 16, 16});
  for (const auto& space : spaces()) {
    INFO(space->name());
    const SharedNetwork shared(*space->shared_network(), 2, torch::kCPU);
    const NamedTensors before = test::copied(shared.state());
    const Point point = point_of(*space, 1);
    const NetworkPlan part = *space->subnetwork(point);
    shared.subnetwork(part).forward(x, training()).square().sum().backward();

    const auto copy = shared.extract(part);  // statistics have moved, which training does not read
    copy->forward(x).front().square().sum().backward();
    size_t own = 0;
    for (const auto& [name, tensor] : state_of(*copy)) {
      if (!tensor.grad().defined()) continue;
      REQUIRE(gradient_of(shared.state(), name).equal(tensor.grad()));
      ++own;
    }
    size_t touched = 0;
    for (const auto& weight : shared.parameters()) touched += weight.grad().defined() ? 1 : 0;
    REQUIRE(own > 0);
    REQUIRE(touched == own);

    const NamedTensors parts = state_of(*copy);
    const NamedTensors after = shared.state();
    for (size_t i = 0; i < before.size(); ++i) {
      const auto& [name, tensor] = after[i];
      const bool in_part = std::any_of(
          parts.begin(), parts.end(), [&, &name = name](const auto& p) { return p.first == name; });
      if (!in_part) REQUIRE(tensor.equal(before[i].second));
    }
  }
}

namespace {

/// Convolutions of `kernel` by `channels`, a batch norm and a classifier.
NetworkPlan sized(int64_t channels, int64_t kernel) {
  return test::chain({test::convolution(3, channels, 3), BatchNorm{channels}, Relu{},
                      test::convolution(channels, channels, kernel), BatchNorm{channels},
                      GlobalAveragePool{}, Linear{channels, 5, true}});
}

}  // namespace

TEST_CASE("a narrower network is cut out of the wide one, bit for bit", "[shared]") {
  const SharedNetwork shared(sized(8, 5), 3, torch::kCPU);
  stir(shared.state());
  torch::manual_seed(6);
  const torch::Tensor x = torch::randn({4, 3, 9, 9});
  const NetworkPlan part = sized(5, 3);
  const auto copy = shared.extract(part);
  copy->eval();
  {
    const torch::NoGradGuard no_grad;
    const torch::Tensor logits = shared.subnetwork(part).forward(x, {});
    REQUIRE(copy->forward(x).front().equal(logits));
  }
  const NamedTensors all = shared.state();
  const torch::Tensor whole = [&] {
    for (const auto& [name, tensor] : all) {
      if (name == "layers.3.weight") return tensor;
    }
    return torch::Tensor();
  }();
  const NamedTensors cut = state_of(*copy);
  for (const auto& [name, tensor] : cut) {
    if (name != "layers.3.weight") continue;
    REQUIRE(tensor.equal(whole.slice(0, 0, 5).slice(1, 0, 5).slice(2, 1, 4).slice(3, 1, 4)));
  }

  const NamedTensors before = test::copied(all);
  const Subnetwork trained = shared.subnetwork(part);
  trained.forward(x, training()).square().sum().backward();
  torch::Tensor outside = whole.grad().clone();
  REQUIRE(outside.abs().sum().item<double>() > 0);
  outside.slice(0, 0, 5).slice(1, 0, 5).slice(2, 1, 4).slice(3, 1, 4).zero_();
  REQUIRE(outside.abs().sum().item<double>() == 0);
  for (size_t i = 0; i < all.size(); ++i) {
    if (!all[i].first.ends_with("running_mean")) continue;
    REQUIRE(all[i].second.slice(0, 5).equal(before[i].second.slice(0, 5)));
    REQUIRE_FALSE(all[i].second.slice(0, 0, 5).equal(before[i].second.slice(0, 0, 5)));
  }
}

TEST_CASE("weights that are missing, too small or off the middle are named", "[shared]") {
  const SharedNetwork shared(sized(8, 5), 3, torch::kCPU);
  REQUIRE_THROWS_WITH(shared.subnetwork(sized(9, 5)),
                      ContainsSubstring("'layers.0.weight': found [8, 3, 3, 3], expected one that "
                                        "holds [9, 3, 3, 3]"));
  REQUIRE_THROWS_AS(shared.extract(sized(8, 4)), InputError);
  REQUIRE_THROWS_WITH(shared.subnetwork(test::small_supernet(3, 5)),
                      ContainsSubstring("lack tensor 'layers.1.2.layers.1.weight'"));
  REQUIRE_THROWS_AS(weight_slice("bias", torch::zeros({4}), {2, 2}), InputError);
}

}  // namespace nas
