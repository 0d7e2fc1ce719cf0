#include "nas/train/fake_quantization.hpp"

#include <cmath>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

torch::Tensor doubles(const std::vector<double>& values) {
  return torch::tensor(values, torch::kDouble).requires_grad_(true);
}

}  // namespace

TEST_CASE("numbers on a grid are its nearest, cut off at its ends", "[quantization]") {
  const torch::Tensor x = doubles({-9, -0.3, 0, 0.24, 0.26, 1.3, 9});
  const torch::Tensor y = on_grid(x, doubles({0.5}), -2, -4, 3);  // -1 .. 2.5 in steps of 0.5
  REQUIRE(y.allclose(torch::tensor({-1.0, -0.5, 0.0, 0.0, 0.5, 1.5, 2.5}, torch::kDouble)));
}

TEST_CASE("gradients pass rounding as they are and stop at a grid's ends", "[quantization]") {
  const torch::Tensor x = doubles({-9, -0.3, 0.26, 9});
  on_grid(x, doubles({0.5}), -2, -4, 3).sum().backward();
  REQUIRE(x.grad().equal(torch::tensor({0.0, 1.0, 1.0, 0.0}, torch::kDouble)));
}

TEST_CASE("a grid's step has the gradient of LSQ", "[quantization]") {
  const double step = 0.5;
  for (const double value : {-9.0, -0.3, 0.26, 9.0}) {
    const torch::Tensor scale = doubles({step});
    on_grid(doubles({value}), scale, -2, -4, 3).sum().backward();
    // Esser et al. 2020, equation 3, with ends -2 and 5 and one number.
    const double place = value / step;
    const double expected = place <= -2 ? -2 : place >= 5 ? 5 : std::nearbyint(place) - place;
    REQUIRE(scale.grad().item<double>() == Approx(expected / std::sqrt(3.0)));
  }
}

TEST_CASE("each channel's weights use its grid to the end", "[quantization]") {
  const torch::Tensor weights = torch::tensor({{1.0, -0.6, 0.0}, {0.011, 0.004, -0.02}});
  const torch::Tensor rounded = on_channel_grids(weights, 5);
  REQUIRE(rounded.allclose(torch::tensor({{1.0, -0.6, 0.0}, {0.012, 0.004, -0.02}})));
  REQUIRE(on_channel_grids(torch::zeros({2, 3}), 127).equal(torch::zeros({2, 3})));
}

TEST_CASE("a network computes with rounded weights and has its own again", "[quantization]") {
  const auto network = build_network(test::small_plan(), 3, torch::kCPU);
  const torch::Tensor weight = network->named_parameters()["stem.conv.weight"];
  const torch::Tensor before = weight.detach().clone();
  FakeQuantizationSetting setting;
  setting.grids = {{0.1, 0}};
  setting.grid_of_node.assign(test::small_plan().nodes.size(), -1);
  setting.grid_of_node[0] = 0;
  setting.weights = {{"stem.conv.weight"}};
  const FakeQuantization quantization(*network, setting);
  {
    const FakeQuantization::RoundedWeights rounded(quantization.weights());
    REQUIRE_FALSE(weight.equal(before));
    REQUIRE(weight.equal(on_channel_grids(before, 127)));
  }
  REQUIRE(weight.equal(before));
  network->eval();
  const torch::Tensor x = torch::rand({2, 1, 8, 8});
  REQUIRE(network->forward(x)[0].equal(network->forward((x * 10).round() / 10)[0]));
  REQUIRE_FALSE(network->forward(x)[0].equal(network->forward(x + 0.06)[0]));
  // Batch norms compute with what the grids were chosen for.
  const torch::Tensor mean = network->named_buffers()["stem.norm.running_mean"];
  const torch::Tensor kept = mean.clone();
  network->train();
  network->forward(x);
  REQUIRE(mean.equal(kept));
  setting.weights = {{"no.weight"}};
  REQUIRE_THROWS_AS(FakeQuantization(*network, setting), InputError);
}

}  // namespace nas
