#include "nas/kernels/grid_branch_sum.hpp"

#include <cmath>

#include "nas/torch/torch.hpp"
#include "tests/kernels/branch_scene.hpp"
#include "tests/kernels/devices.hpp"
#include "tests/kernels/layer_by_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

torch::Tensor on_grid(const torch::Tensor& x, std::span<const Branch> branches,
                      const NormPass& pass) {
  return grid_branch_sum(over(x, branches), pass);
}
torch::Tensor of_two_on_grid(const torch::Tensor& x, std::span<const Branch> branches,
                             const NormPass& pass) {
  return grid_branch_sum(over_two(x, branches), pass);
}

void check_against_layers(torch::Device device) {
  const int64_t stride = GENERATE(1, 2);
  const int64_t channels = GENERATE(1, 5, 16);
  const int64_t side = GENERATE(5, 8);
  const bool affine = GENERATE(false, true);
  const auto layout = GENERATE(torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast);
  const SceneSize size{5, channels, side, stride, affine, device, layout};
  CAPTURE(stride, channels, side, affine, device.str());
  const SceneSize here{5, channels, side, stride, affine};
  const auto expected = results(scene_of(here, torch::kDouble), layer_by_layer);
  for (const auto& [type, most] : {std::pair{torch::kDouble, 1e-9}, {torch::kFloat, 2e-3}}) {
    const auto found = results(scene_of(size, type), on_grid);
    REQUIRE(largest_difference(found, expected) < most);
    REQUIRE(largest_difference(results(scene_of(size, type), of_two_on_grid), expected) < most);
  }
}

/// All but the units' weights in bfloat16 is near what float gives.
void check_bfloat16(torch::Device device) {
  SceneSize size{9, 12, 8, 1, true, device, torch::MemoryFormat::ChannelsLast};
  Scene scene = scene_of(size, torch::kFloat);
  scene.x = scene.x.detach().to(torch::kBFloat16).requires_grad_();
  scene.learned.front() = scene.x;
  const auto found = results(scene, on_grid);
  Scene wide = scene_of(size, torch::kFloat);
  wide.x = scene.x.detach().to(torch::kFloat).requires_grad_();
  wide.learned.front() = wide.x;
  const auto expected = results(wide, layer_by_layer);
  REQUIRE(found.front().scalar_type() == torch::kBFloat16);
  for (size_t i = 0; i < found.size(); ++i) {
    const torch::Tensor difference = found[i].to(torch::kFloat) - expected[i].to(torch::kFloat);
    INFO("tensor " << i << " of " << found[i].sizes());
    // Up to six rounded layers one after another, 2^-9 each time; the gradient of a factor is a sum
    // over all pixels, which may cancel.
    const bool sum = found[i].dim() == 0;
    const double scale = sum ? std::sqrt(static_cast<double>(wide.x.numel()))
                             : expected[i].to(torch::kFloat).norm().item<double>();
    CHECK(difference.norm().item<double>() < 0.1 * scale);
  }
}

}  // namespace

TEST_CASE("grids give the sums of branches and the gradients that layers give", "[kernels]") {
  check_against_layers(torch::kCPU);
}

TEST_CASE("so they do on a CUDA device", "[kernels][cuda]") {
  if (cuda_is_there()) check_against_layers(torch::kCUDA);
}

TEST_CASE("grids use running statistics without training and leave them alone", "[kernels]") {
  check_running_statistics(on_grid, torch::kCPU);
}

TEST_CASE("running statistics stay on a CUDA device, too", "[kernels][cuda]") {
  if (cuda_is_there()) check_running_statistics(on_grid, torch::kCUDA);
}

TEST_CASE("grids of bfloat16 stay near float", "[kernels]") { check_bfloat16(torch::kCPU); }

TEST_CASE("grids of bfloat16 stay near float on a CUDA device", "[kernels][cuda]") {
  if (cuda_is_there()) check_bfloat16(torch::kCUDA);
}

TEST_CASE("a CUDA device gives the same bits again", "[kernels][cuda]") {
  if (!cuda_is_there()) return;
  SceneSize size{37, 16, 8, 1, true, torch::kCUDA, torch::MemoryFormat::ChannelsLast};
  const auto once = results(scene_of(size, torch::kFloat), joined);
  const auto again = results(scene_of(size, torch::kFloat), joined);
  for (size_t i = 0; i < once.size(); ++i) REQUIRE(torch::equal(once[i], again[i]));
}

TEST_CASE("more branches than a grid takes at once are added up", "[kernels]") {
  torch::manual_seed(3);
  const torch::Tensor x = torch::randn({2, 3, 4, 4}, torch::kDouble);
  std::vector<Branch> branches;
  for (int64_t k = 0; k < 30; ++k) {
    const auto factor = static_cast<double>(k);
    branches.emplace_back(IdentityBranch{{}, torch::full({}, factor, torch::kDouble)});
  }
  const torch::NoGradGuard no_grad;
  REQUIRE(torch::allclose(on_grid(x, branches, {}), x * 435));
}

TEST_CASE("weights whose gradients nobody wants cost a grid none", "[kernels]") {
  const Scene scene = scene_of({}, torch::kDouble);
  const auto factor = std::get<IdentityBranch>(scene.branches[6]).factor;
  const auto gradient = [&](Sum sum) {
    const torch::Tensor out = sum(scene.x, scene.branches, {true, 0.1});
    return torch::autograd::grad({out.square().sum()}, {factor})[0];
  };
  REQUIRE(torch::allclose(gradient(on_grid), gradient(layer_by_layer), 1e-9, 1e-9));
}

}  // namespace nas
