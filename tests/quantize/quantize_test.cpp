#include "nas/quantize/quantize.hpp"

#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/quantize/integer_kernels.hpp"
#include "nas/quantize/integer_run.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// 2 channels of one pixel: a convolution, a ReLU, and scores.
QuantizedNetwork small_network() {
  const auto [plan, input] = PlanChain({2, 1, 1})
                                 .then(Convolution{2, 2, {1, 1}, 1, {0, 0}, 1, 1, true}, "conv")
                                 .then(Relu{}, "relu")
                                 .then(Linear{2, 2}, "scores")
                                 .done();
  const Weights weights{{"conv.weight", {{2, 2, 1, 1}, {1, 2, -1, 0}}},
                        {"conv.bias", {{2}, {0.5F, -0.25F}}},
                        {"scores.weight", {{2, 2}, {1, -1, 0.5F, 0.25F}}},
                        {"scores.bias", {{2}, {0, 1}}}};
  return quantized(inference_network(plan, input, weights),
                   value_grids(plan, {{-2, 2}, {-6, 6}, {0, 6}, {-6, 6}}));
}

}  // namespace

TEST_CASE("A grid covers its range and has a number for 0") {
  for (const Range& range : {Range{-1, 3}, Range{0, 6}, Range{2, 4}, Range{-5, -1}, Range{-3, 0}}) {
    const Grid grid = grid_of(range);
    CHECK(grid.zero >= -128);
    CHECK(grid.zero <= 127);
    CHECK(grid.scale * static_cast<float>(-128 - grid.zero) <=
          std::min(range.low, 0.0F) + grid.scale);
    CHECK(grid.scale * static_cast<float>(127 - grid.zero) >=
          std::max(range.high, 0.0F) - grid.scale);
  }
  CHECK(grid_of({0, 0}).zero == 0);
}

TEST_CASE("Factors as whole numbers are right to the last bit but for halves") {
  RandomStream random(3, "test.factors");
  for (int i = 0; i < 20'000; ++i) {
    const double factor = std::exp2(20 * random.uniform() - 18);
    const auto x = static_cast<int32_t>(random.below(1 << 24)) - (1 << 23);
    const Scaling scaling = scaling_of({factor});
    const double exact = factor * x;
    if (std::fabs(exact) > 1e6) continue;  // 31 bits are right
    const int32_t found = c::q_scaled(x, scaling.mantissas[0], scaling.shifts[0]);
    CHECK(std::fabs(found - exact) <= 0.5 + 1e-3);
  }
}

TEST_CASE("What a ReLU alone reads lies on its grid, and is cut off there") {
  const QuantizedNetwork network = small_network();
  CHECK(network.grids[1] == network.grids[2]);
  CHECK(network.grids[1].zero == -128);
  CHECK(cut_by_relu(network) == std::vector<char>{0, 1, 0, 0});
}

TEST_CASE("A network in whole numbers gives what it gives on paper, to a step or two") {
  const IntegerNetwork network = integer_network(small_network());
  const auto outputs = integer_outputs(network, {1, 0.5F, -1, 2, 0, 0}, 2);
  // conv (x0 + 2 x1 + 0.5, -x0 - 0.25), relu, scores (a - b, a / 2 + b / 4 + 1)
  const std::vector<double> expected{2.5, 2.25, 2.75, 2.9375, 0.5, 1.25};
  REQUIRE(outputs.size() == expected.size());
  for (size_t i = 0; i < outputs.size(); ++i) CHECK(outputs[i] == Approx(expected[i]).margin(0.06));
}

TEST_CASE("Weights are symmetric and as fine as each channel allows") {
  const QuantizedNetwork network = small_network();
  const QuantizedWeights& weights = network.layers.at(1);
  CHECK(weights.values == std::vector<int8_t>{64, 127, -127, 0});
  CHECK(weights.scales[0] == Approx(2.0 / 127));
  CHECK(weights.scales[1] == Approx(1.0 / 127));
  CHECK(weights.bias[0] == std::lround(0.5 / (weights.scales[0] * network.grids[0].scale)));
}

TEST_CASE("A bias that would not fit makes its channel's grid coarser") {
  const auto [plan, input] = PlanChain({1, 1, 1}).then(Linear{1, 1}, "scores").done();
  const Weights weights{{"scores.weight", {{1, 1}, {1e-9F}}}, {"scores.bias", {{1}, {100}}}};
  const auto network =
      quantized(inference_network(plan, input, weights), value_grids(plan, {{-1, 1}, {0, 100}}));
  CHECK(integer_outputs(integer_network(network), {0.5F})[0] == Approx(100).epsilon(1e-6));
}

TEST_CASE("What a layer adds to zeros is not lost, however large its weights") {
  const auto [plan, input] = PlanChain({1, 1, 1}).then(Linear{1, 1}, "scores").done();
  const Weights weights{{"scores.weight", {{1, 1}, {60}}}, {"scores.bias", {{1}, {0.15F}}}};
  const auto network =
      quantized(inference_network(plan, input, weights), value_grids(plan, {{0, 0}, {0, 1}}));
  CHECK(integer_outputs(integer_network(network), {0})[0] == Approx(0.15).epsilon(1e-3));
}

TEST_CASE("Attention has no form in whole numbers, and that is said") {
  const auto [plan, input] =
      PlanChain({6, 2, 2}).then(Attention{2, 1}, "attention").then(Linear{8, 2}, "scores").done();
  const auto network = quantized(inference_network(plan, input, random_weights(plan, 1)),
                                 value_grids(plan, std::vector<Range>(3, Range{-1, 1})));
  CHECK_THROWS_WITH(integer_network(network), ContainsSubstring("attention") &&
                                                  ContainsSubstring("no form in whole numbers"));
}

}  // namespace nas
