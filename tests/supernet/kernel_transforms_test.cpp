#include "nas/supernet/kernel_transforms.hpp"

#include "nas/core/error.hpp"
#include "nas/search/elastic.hpp"
#include "nas/search/sampling.hpp"
#include "nas/supernet/shared_network.hpp"
#include "tests/supernet/elastic_space.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const torch::Device kCpu(torch::kCPU);

KernelSizes sizes_of(const Space& space) {
  ElasticChoices elastic(space.choices());
  elastic.open({"*", 0});
  std::vector<NetworkPlan> plans;
  for (const Point& point : elastic.variants()) plans.push_back(*space.subnetwork(point));
  return elastic_kernels(plans);
}

torch::Tensor output(const SharedNetwork& shared, const NetworkPlan& plan, const torch::Tensor& x) {
  return shared.subnetwork(plan).forward(x, Pass());
}

}  // namespace

TEST_CASE("the kernels that change are those of the depthwise convolutions", "[once_for_all]") {
  const KernelSizes sizes = sizes_of(*test::elastic_space());
  REQUIRE(sizes.size() == 4);
  for (const auto& [weight, kernels] : sizes) {
    REQUIRE(weight.ends_with(".depthwise.conv.weight"));
    REQUIRE(kernels == std::set<int64_t>{3, 5, 7});
  }
}

TEST_CASE("at the start a smaller kernel is the middle of the larger one", "[once_for_all]") {
  const auto space = test::elastic_space();
  const SharedNetwork plain(*space->shared_network(), 3, kCpu);
  SharedNetwork transforming(*space->shared_network(), 3, kCpu);
  transforming.transform_kernels({sizes_of(*space), kCpu});
  REQUIRE(transforming.parameters().size() == plain.parameters().size() + 8);
  const torch::Tensor x = torch::randn({4, 1, 8, 8});
  for (uint64_t i = 0; i < 5; ++i) {
    RandomStream random(1, "test", i);
    const NetworkPlan plan = *space->subnetwork(sample(space->choices(), random));
    REQUIRE(output(transforming, plan, x).equal(output(plain, plan, x)));
  }
}

TEST_CASE("from 7 to 3 a kernel passes two matrices, and both of them learn", "[once_for_all]") {
  const std::string name = "a.conv.weight";
  KernelTransforms transforms({{name, {3, 5, 7}}}, kCpu);
  const NamedTensors state = transforms.state();
  REQUIRE(state.size() == 2);
  REQUIRE(state[0].first == "a.conv.kernel_5_to_3");
  REQUIRE(state[1].first == "a.conv.kernel_7_to_5");
  {
    const torch::NoGradGuard no_grad;
    torch::manual_seed(2);
    for (const auto& entry : state) torch::Tensor(entry.second).normal_();
  }
  const torch::Tensor weight = torch::randn({6, 1, 7, 7});
  using torch::indexing::Slice;
  const torch::Tensor to_5 = state[1].second;
  const torch::Tensor to_3 = state[0].second;
  const auto crop = [](const torch::Tensor& kernel) {
    return kernel.index({Slice(1, -1), Slice(1, -1)}).reshape({-1});
  };
  for (int64_t channel = 0; channel < 6; ++channel) {
    const torch::Tensor five = to_5.matmul(crop(weight[channel][0])).view({5, 5});
    const torch::Tensor three = to_3.matmul(crop(five)).view({3, 3});
    REQUIRE(torch::allclose(transforms.transformed(name, weight, 5)[channel][0], five, 1e-4, 1e-5));
    REQUIRE(
        torch::allclose(transforms.transformed(name, weight, 3)[channel][0], three, 1e-4, 1e-4));
  }
  REQUIRE(transforms.transformed(name, weight, 7).equal(weight));
  transforms.transformed(name, weight, 3).square().sum().backward();
  REQUIRE(to_3.grad().abs().gt(0).all().item<bool>());
  // Of the 5 x 5 kernel only the middle goes on.
  torch::Tensor middle = torch::zeros({5, 5}, torch::kBool);
  middle.index_put_({Slice(1, -1), Slice(1, -1)}, true);
  REQUIRE(to_5.grad().abs().sum(1).gt(0).view({5, 5}).equal(middle));
}

TEST_CASE("matrices are read back with the weights, wherever they come from", "[once_for_all]") {
  const auto space = test::elastic_space();
  SharedNetwork shared(*space->shared_network(), 3, kCpu);
  shared.transform_kernels({sizes_of(*space), kCpu});
  test::stir(shared.state());
  SharedNetwork again(*space->shared_network(), 4, kCpu);
  again.load(shared.state());
  REQUIRE(test::identical(again.state(), shared.state()));
  const torch::Tensor x = torch::randn({4, 1, 8, 8});
  ElasticChoices elastic(space->choices());
  elastic.open({"*", 0});
  const NetworkPlan smallest = *space->subnetwork(elastic.smallest());
  REQUIRE(output(again, smallest, x).equal(output(shared, smallest, x)));
  KernelTransforms transforms;
  REQUIRE_THROWS_AS(transforms.load({{"a.kernel_7_to_5", torch::zeros({25, 24})}}, kCpu),
                    InputError);
  REQUIRE(transforms.load({{"a.weight", torch::zeros({2})}}, kCpu).size() == 1);
}

}  // namespace nas
