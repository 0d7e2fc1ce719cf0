#include "nas/quantize/layer_errors.hpp"

#include <cmath>

#include "nas/quantize/quantize.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

QuantizedNetwork one_layer() {
  const auto [plan, input] = PlanChain({2, 1, 1}).then(Linear{2, 1}, "scores").done();
  const Weights weights{{"scores.weight", {{1, 2}, {1.27F, 0.104F}}}, {"scores.bias", {{1}, {0}}}};
  return quantized(inference_network(plan, input, weights),
                   value_grids(plan, {{0, 1}, {0, 25.5F}}));
}

}  // namespace

TEST_CASE("The report says what a layer's grids lose") {
  const QuantizedNetwork network = one_layer();
  ValueErrors errors(network.grids);
  errors.add(1, std::vector<float>{1, 2.04F, 30, 0});  // the grid: 0 .. 25.5 in steps of 0.1
  const auto found = errors.layer_errors(network);
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "scores");
  CHECK(found[0].range.low == Approx(0).margin(1e-5));
  CHECK(found[0].range.high == Approx(25.5));
  CHECK(found[0].beyond == 25);
  const double noise = 0.04 * 0.04 + 4.5 * 4.5;
  CHECK(found[0].values == Approx(10 * std::log10((1 + 2.04 * 2.04 + 900) / noise)));
  // Steps of 0.01: 0.104 becomes 0.1.
  CHECK(found[0].weights ==
        Approx(10 * std::log10((1.27 * 1.27 + 0.104 * 0.104) / (0.004 * 0.004))).epsilon(1e-3));
}

TEST_CASE("Numbers that lie on their grid lose nothing") {
  const QuantizedNetwork network = one_layer();
  ValueErrors errors(network.grids);
  errors.add(1, std::vector<float>{0, 0, 0});
  CHECK(std::isinf(errors.layer_errors(network)[0].values));
  CHECK(errors.layer_errors(network)[0].beyond == 0);
}

TEST_CASE("One layer's weights are rounded, the others stay") {
  const auto [plan, input] =
      PlanChain({1, 1, 1}).then(Linear{1, 2}, "first").then(Linear{2, 1}, "second").done();
  const Weights weights{{"first.weight", {{2, 1}, {1, 0.5F}}},
                        {"first.bias", {{2}, {0, 0}}},
                        {"second.weight", {{1, 2}, {1, 0.123F}}},
                        {"second.bias", {{1}, {0}}}};
  const auto network = quantized(inference_network(plan, input, weights),
                                 value_grids(plan, {{0, 1}, {0, 1}, {0, 1}}));
  const Weights rounded = with_layer_rounded(network, 2);
  CHECK(rounded.at("first.weight").values == weights.at("first.weight").values);
  CHECK(rounded.at("second.weight").values[1] == Approx(16.0 / 127));
}

}  // namespace nas
