#include <cmath>
#include <limits>

#include "nas/kernels/bfloat16.hpp"
#include "nas/kernels/grid_image.hpp"
#include "nas/kernels/normalized_sum.hpp"
#include "nas/kernels/pool_3x3.hpp"
#include "nas/kernels/relu_depthwise.hpp"
#include "nas/kernels/run_grid.hpp"
#include "nas/torch/torch.hpp"
#include "tests/kernels/devices.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using Tensors = std::vector<torch::Tensor>;
using Function = std::function<torch::Tensor(const Tensors&)>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Largest difference between the gradients of a random combination of a function's results and
/// central differences of it, over all numbers of all inputs.
double gradient_error(const Function& function, const Tensors& inputs) {
  torch::manual_seed(7);
  const torch::Tensor out = function(inputs);
  const torch::Tensor direction = torch::randn_like(out);
  const Tensors found = torch::autograd::grad({out}, inputs, {direction});
  const torch::NoGradGuard no_grad;
  constexpr double kStep = 1e-6;
  double largest = 0;
  for (size_t k = 0; k < inputs.size(); ++k) {
    torch::Tensor flat = inputs[k].detach().view(-1);
    for (int64_t i = 0; i < flat.numel(); ++i) {
      const double before = flat[i].item<double>();
      const auto value_at = [&](double value) {
        flat[i] = value;
        return (function(inputs) * direction).sum().item<double>();
      };
      const double slope = (value_at(before + kStep) - value_at(before - kStep)) / (2 * kStep);
      flat[i] = before;
      largest = std::max(largest, std::abs(found[k].reshape(-1)[i].item<double>() - slope));
    }
  }
  return largest;
}

torch::Tensor randoms(const std::vector<int64_t>& shape, torch::Device device = torch::kCPU) {
  return torch::randn(shape, torch::kDouble).to(device).requires_grad_();
}

void check_depthwise_gradients(torch::Device device) {
  const int64_t kernel = GENERATE(3, 5);
  const DepthwiseStep step{GENERATE(1, 2), GENERATE(1, 2)};
  torch::manual_seed(1);
  const Tensors inputs{randoms({2, 2, 5, 4}, device), randoms({2, 1, kernel, kernel}, device)};
  const auto function = [&](const Tensors& values) {
    return relu_depthwise(values[0], values[1], step);
  };
  REQUIRE(gradient_error(function, inputs) < 1e-7);
}

void check_pool_gradients(torch::Device device) {
  const Pool kind = GENERATE(Pool::largest, Pool::mean);
  const int64_t stride = GENERATE(1, 2);
  torch::manual_seed(1);
  const auto function = [&](const Tensors& values) { return pool_3x3(values[0], kind, stride); };
  REQUIRE(gradient_error(function, {randoms({2, 2, 5, 4}, device)}) < 1e-7);
}

void check_sum_gradients(torch::Device device) {
  torch::manual_seed(1);
  const torch::Tensor statistics = torch::zeros({2, 3}, torch::kDouble).to(device);
  const auto function = [&](const Tensors& v) {
    const NormWeights norm{v[1], v[2], statistics[0], statistics[1]};
    const NormWeights plain{{}, {}, statistics[0], statistics[1]};
    const std::vector<SumTerm> terms{{v[0], norm, v[3]}, {v[4], {}, v[5]}, {v[6], plain, {}}};
    return normalized_sum(terms, {true, 0.1});
  };
  const Tensors inputs{randoms({3, 3, 2, 2}, device), randoms({3}, device),
                       randoms({3}, device),          randoms({}, device),
                       randoms({3, 3, 2, 2}, device), randoms({}, device),
                       randoms({3, 3, 2, 2}, device)};
  REQUIRE(gradient_error(function, inputs) < 1e-6);
}

}  // namespace

TEST_CASE("gradients of a depthwise grid are those of differences", "[kernels]") {
  check_depthwise_gradients(torch::kCPU);
}
TEST_CASE("gradients of a pool's grid are those of differences", "[kernels]") {
  check_pool_gradients(torch::kCPU);
}
TEST_CASE("gradients of a normalized sum are those of differences", "[kernels]") {
  check_sum_gradients(torch::kCPU);
}
TEST_CASE("gradients of grids are those of differences on a CUDA device", "[kernels][cuda]") {
  if (!cuda_is_there()) return;
  SECTION("depthwise") { check_depthwise_gradients(torch::kCUDA); }
  SECTION("pool") { check_pool_gradients(torch::kCUDA); }
  SECTION("sum") { check_sum_gradients(torch::kCUDA); }
}

TEST_CASE("a NaN goes through a grid's ReLU and wins its pool", "[kernels]") {
  const torch::Tensor x = torch::zeros({1, 1, 3, 3}, torch::kDouble);
  x[0][0][0][0] = kNaN;
  const torch::Tensor weight = torch::ones({1, 1, 3, 3}, torch::kDouble);
  const torch::NoGradGuard no_grad;
  REQUIRE(torch::equal(relu_depthwise(x, weight, {}).isnan(),
                       at::conv2d(at::relu(x), weight, {}, 1, 1).isnan()));
  REQUIRE(torch::equal(pool_3x3(x, Pool::largest, 1).isnan(),
                       at::max_pool2d(x, {3, 3}, {1, 1}, {1, 1}).isnan()));
}

TEST_CASE("of equals the first takes a pool's whole gradient", "[kernels]") {
  const torch::Tensor x = torch::ones({1, 1, 5, 5}, torch::kDouble).requires_grad_();
  const auto gradient = [&](const torch::Tensor& y) {
    return torch::autograd::grad({y.sum()}, {x})[0];
  };
  REQUIRE(torch::equal(gradient(pool_3x3(x, Pool::largest, 2)),
                       gradient(at::max_pool2d(x, {3, 3}, {2, 2}, {1, 1}))));
}

TEST_CASE("places in images of more than 2^32 elements are found", "[kernels]") {
  GridImage image{1 << 20, 3, 100, 200, GENERATE(true, false)};
  const GridPlace far{(1 << 20) - 1, 2, 99, 198};
  const int64_t offset = image.offset(far);
  REQUIRE(offset > int64_t{1} << 35);
  const GridPlace found = image.place(offset);
  REQUIRE(found.sample == far.sample);
  REQUIRE(found.channel == far.channel);
  REQUIRE(found.y == far.y);
  REQUIRE(found.x == far.x);
  REQUIRE(image.channel_of(offset) == far.channel);
  const int64_t pixel = (far.sample * 100 + far.y) * 200 + far.x;
  REQUIRE(image.offset_of_pixel(pixel, far.channel) == offset);
}

TEST_CASE("numbers are rounded to bfloat16 as LibTorch rounds them", "[kernels]") {
  torch::manual_seed(2);
  torch::Tensor values = torch::randn({4096}) * torch::randn({4096}).exp();
  values[0] = std::numeric_limits<float>::infinity();
  values[1] = -0.0F;
  values[2] = 1.0F + 1.0F / 256;  // halfway, to the even one
  values[3] = 1.0F + 3.0F / 256;
  const torch::Tensor expected = values.to(torch::kBFloat16);
  const auto* bits = static_cast<const uint16_t*>(expected.const_data_ptr());
  for (int64_t i = 0; i < values.numel(); ++i) {
    const float value = values[i].item<float>();
    const BFloat16 found = rounded_to_bfloat16(value);
    REQUIRE(found.bits == bits[i]);
    REQUIRE(widen(found) == expected[i].item<float>());
  }
  REQUIRE(std::isnan(widen(rounded_to_bfloat16(static_cast<float>(kNaN)))));
}

TEST_CASE("rows are added up whatever their number", "[kernels]") {
  const int64_t rows = GENERATE(1, 2, 32, 33, 1025);
  const torch::Tensor parts = torch::arange(rows * 3, torch::kDouble).view({rows, 3});
  REQUIRE(torch::equal(sum_of_rows(parts), parts.sum(0)));
}

}  // namespace nas
