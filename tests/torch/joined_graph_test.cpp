#include "nas/torch/joined_graph.hpp"

#include <set>

#include "nas/plan/supernet_plan.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/darts.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/network_figures.hpp"
#include "tests/torch/plans.hpp"

namespace nas {
namespace {

std::unique_ptr<Space> small_darts(int64_t channels = 4) {
  DartsSpaceOptions options;
  options.channels = channels;
  options.cells = 3;
  return make_darts_space(options, {{3, 8, 8}, 10});
}

NetworkPlan darts_network() {
  const auto space = small_darts();
  RandomStream random(4, "test");
  return *space->network(sample(space->choices(), random));
}

/// How many graphs a tensor was computed by.
int64_t graphs_behind(const torch::Tensor& result) {
  std::vector<torch::autograd::Node*> left{result.grad_fn().get()};
  std::set<torch::autograd::Node*> seen;
  int64_t graphs = 0;
  while (!left.empty()) {
    torch::autograd::Node* node = left.back();
    left.pop_back();
    if (node == nullptr || !seen.insert(node).second) continue;
    if (node->name().find("BranchGraphFunction") != std::string::npos) ++graphs;
    for (const auto& edge : node->next_edges()) left.push_back(edge.function.get());
  }
  return graphs;
}

int64_t graphs_of(const NetworkPlan& plan) {
  const auto network = build_network(plan, 3, torch::kCPU);
  network->train();
  return graphs_behind(network->forward(torch::randn({32, 3, 8, 8})).front());
}

/// Positive weights for all options.
std::vector<torch::Tensor> random_mixture(const SupernetPlan& plan, torch::ScalarType type) {
  std::vector<torch::Tensor> mixture;
  for (const auto& group : plan.groups) {
    const auto options = static_cast<int64_t>(group.options.size());
    mixture.push_back((torch::rand({group.rows, options}, type) + 0.1).requires_grad_());
  }
  return mixture;
}

/// Adds nodes to a plan: add(layer, inputs) gives its number.
auto adder(NetworkPlan& plan) {
  return [&plan](Layer layer, std::vector<int64_t> inputs) {
    const std::string name = "layer" + std::to_string(plan.nodes.size());
    plan.nodes.push_back({std::move(layer), std::move(inputs), name});
    return static_cast<int64_t>(plan.nodes.size()) - 1;
  };
}

/// Two operations with a convolution that joins nothing between them, and what reads around it.
NetworkPlan interrupted() {
  using test::convolution;
  NetworkPlan plan;
  const auto add = adder(plan);
  const int64_t input = add(Input{}, {});
  const int64_t first = add(BatchNorm{8, true}, {add(convolution(3, 8, 3), {input})});
  const int64_t pooled = add(MaxPool{}, {first});
  const int64_t mean = add(AveragePool{}, {first});
  const int64_t swish = add(Activation{Activation::Kind::swish}, {first});
  const int64_t second = add(BatchNorm{8, true}, {add(convolution(8, 8, 1), {swish})});
  const int64_t sum = add(Add{}, {second, pooled, add(DropPath{}, {mean})});
  const int64_t twice = add(Add{}, {sum, add(Identity{}, {second})});
  const int64_t all = add(Concatenate{}, {twice, pooled, sum});
  const int64_t own = add(Concatenate{}, {add(Identity{}, {twice}), second});
  const int64_t last = add(Concatenate{}, {all, own});
  plan.outputs = {add(Linear{40, 10, true}, {add(GlobalAveragePool{}, {last})})};
  return plan;
}

}  // namespace

TEST_CASE("joined graphs drop the paths that layers drop one by one", "[torch][kernels]") {
  test::check_kernels_agree(darts_network(), {}, {/*samples=*/32, /*drop_path=*/0.4});
}

TEST_CASE("what runs between two graphs sees the first and is seen by the second",
          "[torch][kernels]") {
  const NetworkPlan plan = interrupted();
  CHECK(graphs_of(plan) == 2);
  test::check_kernels_agree(plan);
  test::check_kernels_agree(plan, {}, {/*samples=*/32, /*drop_path=*/0.4});
}

TEST_CASE("the cells of a DARTS network are one graph", "[torch][kernels]") {
  CHECK(graphs_of(darts_network()) == 1);
}

TEST_CASE("so are those of its supernet, also of partial channels, unless a node computes nothing",
          "[torch][kernels]") {
  const int64_t part = GENERATE(1, 4);
  const SupernetPlan plan = with_partial_channels(*small_darts(8)->supernet(), {3, 8, 8}, part);
  const auto network = build_network(plan.network, 3, torch::kCPU);
  network->train();
  const std::vector<torch::Tensor> mixture = random_mixture(plan, torch::kFloat);
  std::vector<torch::Tensor> active;
  for (const torch::Tensor& weights : mixture) active.push_back(weights > 0);
  const torch::Tensor x = torch::randn({32, 3, 8, 8});
  network->set_mixture(mixture, active);
  CHECK(graphs_behind(network->forward(x).front()) == 1);
  active.front().narrow(0, 0, 2).fill_(false);  // both into the first node
  network->set_mixture(mixture, active);
  CHECK(graphs_behind(network->forward(x).front()) > 1);
}

TEST_CASE("a joined supernet of partial channels gives what its layers give", "[torch][kernels]") {
  const int64_t part = GENERATE(2, 4);
  CAPTURE(part);
  const SupernetPlan plan = with_partial_channels(*small_darts(8)->supernet(), {3, 8, 8}, part);
  test::check_kernels_agree(plan.network, random_mixture(plan, torch::kDouble));
}

TEST_CASE("channels pass edges that end alone, in a sum with other terms or with other shares",
          "[torch][kernels]") {
  const int64_t side = GENERATE(7, 8);
  CAPTURE(side);
  NetworkPlan plan;
  const auto add = adder(plan);
  const auto edge = [&](int64_t row, int64_t part, int64_t stride, int64_t input) {
    Mixed layer;
    layer.row = row;
    layer.part = part;
    layer.options = {test::chain({Zero{stride}}), test::chain({MaxPool{3, stride, 1}}),
                     test::chain({AveragePool{3, stride, 1}})};
    return add(std::move(layer), {input});
  };
  const int64_t input = add(Input{}, {});
  const int64_t first = add(BatchNorm{8, true}, {add(test::convolution(3, 8, 3), {input})});
  const int64_t alone = edge(0, 2, 2, first);
  const int64_t sum =
      add(Add{}, {edge(1, 2, 1, first), first, add(DropPath{}, {edge(2, 2, 1, first)})});
  const int64_t other = edge(3, 4, 2, sum);
  const int64_t all = add(Concatenate{}, {alone, other, edge(4, 2, 2, sum)});
  plan.outputs = {add(Linear{24, 10, true}, {add(GlobalAveragePool{}, {all})})};
  test::FigureSetting setting{/*samples=*/32, /*drop_path=*/0.4};
  setting.side = side;
  test::check_kernels_agree(plan, {torch::rand({5, 3}, torch::kDouble).requires_grad_()}, setting);
}

}  // namespace nas
