#include "nas/torch/joined_nodes.hpp"

#include "nas/plan/operations.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/darts.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/network_figures.hpp"

namespace nas {
namespace {

/// Weights of no module.
class LooseWeights final : public WeightTable {
 public:
  torch::Tensor parameter(const std::string&, const std::string&, const std::vector<int64_t>& shape,
                          const WeightInit&) override {
    return torch::rand(shape);
  }
  torch::Tensor buffer(const std::string&, const std::string&, const std::vector<int64_t>& shape,
                       const WeightInit&) override {
    return torch::rand(shape);
  }
};

std::unique_ptr<Space> small_darts() {
  DartsSpaceOptions options;
  options.channels = 4;
  options.cells = 3;
  return make_darts_space(options, {{3, 8, 8}, 10});
}

std::unique_ptr<Space> small_nas_bench_201() {
  NasBench201Options options;
  options.channels = 4;
  options.cells_per_stage = 1;
  return make_nas_bench_201(options, {{3, 8, 8}, 10});
}

}  // namespace

TEST_CASE("networks of joined nodes give what their layers give one by one", "[torch][kernels]") {
  for (const auto& space : {small_darts(), small_nas_bench_201()}) {
    RandomStream random(9, "test");
    for (int i = 0; i < 3; ++i) {
      const NetworkPlan plan = *space->network(sample(space->choices(), random));
      test::check_kernels_agree(plan);
    }
  }
}

TEST_CASE("of few samples convolutions of one value share its ReLU, and their norms join the sum",
          "[torch]") {
  const auto space = small_nas_bench_201();
  const std::string cell =
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|skip_connect~1|none~2|";
  const NetworkPlan plan = *space->network(space->parse(cell));
  test::check_kernels_agree(plan, {}, {/*samples=*/6});
}

TEST_CASE("a supernet of joined nodes gives what its layers give one by one", "[torch][kernels]") {
  for (const auto& space : {small_darts(), small_nas_bench_201()}) {
    const SupernetPlan plan = *space->supernet();
    torch::manual_seed(6);
    std::vector<torch::Tensor> mixture;
    for (const auto& group : plan.groups) {
      const auto options = static_cast<int64_t>(group.options.size());
      mixture.push_back(torch::rand({group.rows, options}, torch::kDouble).set_requires_grad(true));
    }
    test::check_kernels_agree(plan.network, mixture);
  }
}

TEST_CASE("separable and 3x3 convolutions are joined to the end, of others their norms alone",
          "[torch][kernels]") {
  const auto joined = [](const char* name, int64_t stride = 1,
                         OverAllChannels over_all = OverAllChannels::joined) {
    const NetworkPlan plan = find_operation(name).build({8, 8, stride, true});
    LooseWeights weights;
    const LayerFunctions functions = make_layer_functions(plan, "", weights);
    return joined_nodes(plan, execution_steps(plan, plan.outputs), plan.outputs, functions,
                        over_all);
  };
  const auto separable = joined("sep_conv_5x5");
  REQUIRE(separable.size() == 1);
  CHECK(separable[0].input == 0);
  CHECK(separable[0].nodes == std::vector<int64_t>{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(std::get<SeparableBranch>(separable[0].branch).units.size() == 2);
  CHECK(joined("dil_conv_3x3").size() == 1);
  CHECK(joined("nor_conv_1x1").size() == 1);
  const auto whole = joined("nor_conv_3x3");
  REQUIRE(whole.size() == 1);
  CHECK(whole[0].nodes == std::vector<int64_t>{1, 2, 3});
  for (const auto& norm :
       {joined("nor_conv_3x3", 2), joined("nor_conv_3x3", 1, OverAllChannels::apart)}) {
    REQUIRE(norm.size() == 1);
    CHECK(norm[0].nodes == std::vector<int64_t>{3});
  }
  const auto reduction = joined("skip_connect", 2);
  REQUIRE(reduction.size() == 1);
  CHECK(reduction[0].nodes.size() == 6);
  CHECK(joined("sep_conv_7x7")[0].nodes.size() == 1);
  CHECK(joined("max_pool_3x3")[0].nodes == std::vector<int64_t>{1});
}

TEST_CASE("the end of an operation that a sum takes in is as long as can be", "[torch][kernels]") {
  const auto last = [](const char* name, int64_t stride = 1) {
    const NetworkPlan plan = find_operation(name).build({8, 8, stride, true});
    LooseWeights weights;
    return last_branch_of(plan, make_layer_functions(plan, "", weights), OverAllChannels::joined);
  };
  CHECK(last("sep_conv_5x5").input == 0);
  CHECK(last("nor_conv_3x3").input == 0);
  const LastBranch convolution = last("nor_conv_3x3", 2);
  CHECK(convolution.input == 2);
  CHECK(std::get<IdentityBranch>(convolution.branch).norm);
  const LastBranch pool = last("max_pool_3x3");
  CHECK(pool.input == 0);
  CHECK_FALSE(std::get<PoolBranch>(pool.branch).norm);
}

}  // namespace nas
