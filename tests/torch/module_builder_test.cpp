#include "nas/torch/module_builder.hpp"

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/plans.hpp"

namespace nas {
namespace {

using test::chain;
using test::convolution;
using test::small_supernet;

const torch::Device kCpu(torch::kCPU);

torch::Tensor run(const NetworkPlan& plan, const torch::Tensor& x) {
  const auto network = build_network(plan, 1, kCpu);
  network->eval();
  return network->forward(x).front();
}

bool same_state(const torch::nn::Module& a, const torch::nn::Module& b) {
  const NamedTensors first = state_of(a);
  const NamedTensors second = state_of(b);
  if (first.size() != second.size()) return false;
  for (size_t i = 0; i < first.size(); ++i) {
    if (first[i].first != second[i].first || !first[i].second.equal(second[i].second)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("every layer computes what LibTorch's own module computes", "[torch]") {
  torch::manual_seed(1);
  const torch::Tensor x = torch::randn({2, 4, 7, 7});
  SECTION("dilated depthwise convolution") {
    Convolution layer = convolution(4, 4, 3);
    layer.groups = 4;
    layer.dilation = 2;
    layer.padding = {2, 2};
    const auto network = build_network(chain({layer}), 3, kCpu);
    const torch::Tensor weight = network->parameters().front();
    const auto expected = torch::conv2d(x, weight, {}, 1, 2, 2, 4);
    REQUIRE(torch::allclose(network->forward(x).front(), expected, 1e-5, 1e-6));
  }
  SECTION("max pooling") {
    REQUIRE(run(chain({MaxPool{3, 2, 1}}), x).equal(torch::max_pool2d(x, 3, 2, 1)));
  }
  SECTION("average pooling leaves padding out") {
    const auto expected = torch::avg_pool2d(x, 3, 2, 1, false, false);
    REQUIRE(torch::allclose(run(chain({AveragePool{3, 2, 1}}), x), expected));
  }
  SECTION("global average pooling") {
    const torch::Tensor expected = torch::mean(x, {2, 3}, true);
    REQUIRE(torch::allclose(run(chain({GlobalAveragePool{}}), x), expected, 1e-5, 1e-6));
  }
  SECTION("zero halves odd sides upwards") {
    const torch::Tensor zeros = run(chain({Zero{2}}), x);
    REQUIRE(zeros.sizes() == torch::IntArrayRef({2, 4, 4, 4}));
    REQUIRE(zeros.abs().sum().item<double>() == 0);
  }
  SECTION("shift drops the first row and column") {
    using torch::indexing::Slice;
    REQUIRE(run(chain({Shift{}}), x).equal(x.index({Slice(), Slice(), Slice(1), Slice(1)})));
  }
  SECTION("linear flattens") {
    const auto network = build_network(chain({Linear{4 * 7 * 7, 5, true}}), 3, kCpu);
    const auto parameters = network->parameters();
    const auto expected = torch::linear(x.flatten(1), parameters[0], parameters[1]);
    REQUIRE(torch::allclose(network->forward(x).front(), expected, 1e-4, 1e-5));
  }
  SECTION("batch normalisation updates running statistics in training alone") {
    const auto network = build_network(chain({BatchNorm{4, true}}), 3, kCpu);
    network->eval();
    REQUIRE(torch::allclose(network->forward(x).front(), x, 1e-4, 1e-4));
    REQUIRE(network->buffers().front().abs().sum().item<double>() == 0);
    network->train();
    const torch::Tensor y = network->forward(x).front();
    REQUIRE(torch::allclose(y.mean({0, 2, 3}), torch::zeros(4), 0, 1e-5));
    REQUIRE(torch::allclose(network->buffers().front(), 0.1 * x.mean({0, 2, 3}), 1e-4, 1e-5));
  }
}

TEST_CASE("add and concatenate join branches, and zeros change no sum", "[torch]") {
  NetworkPlan plan;
  plan.nodes = {{Input{}, {}, "input"},     {Relu{}, {0}, "relu"},
                {Zero{}, {0}, "zero"},      {Add{}, {0, 1, 2, 1}, "sum"},
                {Add{}, {2, 2}, "nothing"}, {Concatenate{}, {3, 4, 0}, "all"}};
  plan.outputs = {5};
  const torch::Tensor x = torch::randn({2, 3, 4, 4});
  const torch::Tensor expected = torch::cat({x + 2 * torch::relu(x), torch::zeros_like(x), x}, 1);
  REQUIRE(torch::allclose(run(plan, x), expected));
}

TEST_CASE("a ReLU that overwrites its input changes neither result nor gradient", "[torch]") {
  // Node 2's input is read once and may be overwritten; node 4's is read twice and may not.
  NetworkPlan plan;
  plan.nodes = {{Input{}, {}, "input"},  {convolution(3, 4, 3), {0}, "a"},
                {Relu{}, {1}, "relu_a"}, {BatchNorm{4, true}, {2}, "b"},
                {Relu{}, {3}, "relu_b"}, {Add{}, {3, 4}, "sum"}};
  plan.outputs = {5};
  const auto network = build_network(plan, 5, kCpu);
  const auto parameters = network->parameters();
  const torch::Tensor x = torch::randn({2, 3, 5, 5});
  const torch::Tensor target = torch::randn({2, 4, 5, 5});
  const auto own =
      torch::autograd::grad({(network->forward(x).front() * target).sum()}, parameters);
  const torch::Tensor a = torch::relu(torch::conv2d(x, parameters[0], {}, 1, 1));
  const torch::Tensor b =
      torch::batch_norm(a, parameters[1], parameters[2], {}, {}, true, 0.1, 1e-5, false);
  const auto expected = torch::autograd::grad({((b + torch::relu(b)) * target).sum()}, parameters);
  for (size_t i = 0; i < own.size(); ++i) {
    REQUIRE(torch::allclose(own[i], expected[i], 1e-4, 1e-4));
  }
}

TEST_CASE("an observer sees every node as it was computed, and changes no result", "[torch]") {
  NetworkPlan plan = chain({convolution(3, 4, 3), Relu{}, BatchNorm{4, true}, Relu{}});
  plan.nodes.push_back({Relu{}, {0}, "unread"});
  const auto network = build_network(plan, 5, kCpu);
  network->eval();
  const torch::Tensor x = torch::randn({2, 3, 5, 5});
  std::vector<int64_t> nodes;
  std::vector<torch::Tensor> inputs;
  std::vector<torch::Tensor> outputs;
  const auto observe = [&](int64_t node, std::span<const torch::Tensor> read,
                           const torch::Tensor& output) {
    nodes.push_back(node);
    inputs.push_back(read.front());
    outputs.push_back(output);
  };
  const torch::Tensor y = network->forward(x, observe).front();
  REQUIRE(nodes == std::vector<int64_t>{1, 2, 3, 4});
  REQUIRE(outputs[0].equal(torch::conv2d(x, network->parameters().front(), {}, 1, 1)));
  REQUIRE(outputs[0].min().item<double>() < 0);  // the ReLU after it did not overwrite it
  REQUIRE(outputs[1].equal(torch::relu(outputs[0])));
  REQUIRE(inputs[3].equal(outputs[2]));
  REQUIRE(y.equal(outputs[3]));
  REQUIRE(network->forward(x).front().equal(y));
}

TEST_CASE("the auxiliary head runs in training alone", "[torch]") {
  NetworkPlan plan;
  plan.nodes = {{Input{}, {}, "input"},
                {GlobalAveragePool{}, {0}, "pool"},
                {Linear{3, 2, true}, {1}, "head"},
                {Linear{3, 5, true}, {1}, "auxiliary"}};
  plan.outputs = {2, 3};
  const auto network = build_network(plan, 1, kCpu);
  const torch::Tensor x = torch::randn({2, 3, 4, 4});
  REQUIRE(network->forward(x).size() == 2);
  REQUIRE(network->forward(x)[1].size(1) == 5);
  network->eval();
  REQUIRE(network->forward(x).size() == 1);
}

TEST_CASE("weights carry the names of the plan's nodes", "[torch]") {
  const auto network = build_network(small_supernet(4, 3), 1, kCpu);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : state_of(*network)) names.push_back(name);
  const std::vector<std::string> expected{
      "layers.0.weight",
      "layers.1.2.layers.1.weight",
      "layers.2.2.layers.1.weight",
      "layers.4.weight",
      "layers.4.bias",
      "layers.1.2.layers.2.running_mean",
      "layers.1.2.layers.2.running_var",
      "layers.2.2.layers.2.running_mean",
      "layers.2.2.layers.2.running_var",
  };
  REQUIRE(names == expected);
}

TEST_CASE("weights at the start depend on the seed alone", "[torch]") {
  const NetworkPlan plan = small_supernet(4, 3);
  torch::manual_seed(1);
  const auto first = build_network(plan, 7, kCpu);
  torch::manual_seed(2);
  torch::rand({3});
  const auto second = build_network(plan, 7, kCpu);
  const auto other = build_network(plan, 8, kCpu);
  REQUIRE(same_state(*first, *second));
  REQUIRE_FALSE(same_state(*first, *other));
  other->initialize(7);
  REQUIRE(same_state(*first, *other));
}

TEST_CASE("weights at the start are uniform with the bound of torch.nn", "[torch]") {
  const auto network =
      build_network(chain({convolution(32, 64, 3), Linear{400, 300, true}}), 7, kCpu);
  const auto parameters = network->parameters();
  const double bounds[] = {1 / std::sqrt(32.0 * 9), 0.05, 0.05};
  for (size_t i = 0; i < 3; ++i) {
    REQUIRE(parameters[i].abs().max().item<double>() <= bounds[i]);
    REQUIRE(parameters[i].std().item<double>() == Approx(bounds[i] / std::sqrt(3)).epsilon(0.1));
    REQUIRE(std::abs(parameters[i].mean().item<double>()) < 0.1 * bounds[i]);
  }
}

TEST_CASE("convolution weights and activations are channels_last", "[torch]") {
  const auto network = build_network(chain({convolution(3, 8, 3), BatchNorm{8}, Relu{}}), 7, kCpu);
  const auto layout = torch::MemoryFormat::ChannelsLast;
  REQUIRE(network->parameters().front().is_contiguous(layout));
  const torch::Tensor x = torch::randn({2, 3, 6, 6});
  REQUIRE(network->forward(x).front().is_contiguous(layout));
}

TEST_CASE("dropout drops numbers with its probability in training and keeps the mean", "[torch]") {
  const auto network = build_network(chain({Dropout{0.25}}), 7, kCpu);
  const torch::Tensor x = torch::ones({500, 2, 4, 4});
  torch::manual_seed(11);
  const torch::Tensor y = network->forward(x).front();
  const torch::Tensor dropped = y.eq(0);
  REQUIRE(dropped.to(torch::kDouble).mean().item<double>() == Approx(0.25).margin(0.02));
  REQUIRE(y.max().item<float>() == Approx(1 / 0.75));
  REQUIRE(dropped.logical_or(y.eq(y.max())).all().item<bool>());
  torch::manual_seed(11);
  REQUIRE(network->forward(x).front().equal(y));
  network->eval();
  REQUIRE(network->forward(x).front().equal(x));
}

TEST_CASE("drop path drops whole samples with the given probability and keeps the mean",
          "[torch]") {
  const auto network = build_network(chain({DropPath{}}), 7, kCpu);
  const torch::Tensor x = torch::ones({4000, 2, 2, 2});
  REQUIRE(network->forward(x).front().equal(x));
  network->set_drop_path(0.25);
  torch::manual_seed(11);
  const torch::Tensor y = network->forward(x).front();
  const torch::Tensor sums = y.sum({1, 2, 3});
  const torch::Tensor dropped = sums.eq(0);
  REQUIRE(dropped.to(torch::kDouble).mean().item<double>() == Approx(0.25).margin(0.03));
  REQUIRE(
      torch::allclose(sums.masked_select(dropped.logical_not()),
                      torch::full({1}, 8 / 0.75).expand({4000 - dropped.sum().item<int64_t>()})));
  torch::manual_seed(11);
  REQUIRE(network->forward(x).front().equal(y));
  network->eval();
  REQUIRE(network->forward(x).front().equal(x));
}

TEST_CASE("states travel between networks of one plan", "[torch]") {
  const NetworkPlan plan = small_supernet(4, 3);
  const auto from = build_network(plan, 1, kCpu);
  const auto to = build_network(plan, 2, kCpu);
  load_state(*to, state_of(*from));
  REQUIRE(same_state(*from, *to));
}

TEST_CASE("a state that does not fit names the first culprit and changes nothing", "[torch]") {
  const auto network = build_network(chain({convolution(3, 4, 3), Linear{4, 2, true}}), 1, kCpu);
  const auto untouched = build_network(chain({convolution(3, 4, 3), Linear{4, 2, true}}), 1, kCpu);
  NamedTensors state;
  for (const auto& [name, tensor] : state_of(*network)) state.emplace_back(name, tensor + 1);
  SECTION("missing") {
    state.erase(state.begin() + 1);
    REQUIRE_THROWS_WITH(load_state(*network, state), ContainsSubstring("layers.1.weight"));
  }
  SECTION("surplus") {
    state.emplace_back("layers.9.weight", torch::zeros({1}));
    REQUIRE_THROWS_WITH(load_state(*network, state), ContainsSubstring("layers.9.weight"));
  }
  SECTION("shape") {
    state[1].second = torch::zeros({4, 2});
    REQUIRE_THROWS_WITH(load_state(*network, state), ContainsSubstring("[4, 2], expected"));
  }
  SECTION("type") {
    state[2].second = state[2].second.to(torch::kDouble);
    REQUIRE_THROWS_WITH(load_state(*network, state),
                        ContainsSubstring("layers.1.bias") && ContainsSubstring("Double"));
  }
  REQUIRE_THROWS_AS(load_state(*network, state), InputError);
  REQUIRE(same_state(*network, *untouched));
}

}  // namespace nas
