#include "nas/quantize/bias_correction.hpp"

#include "nas/quantize/integer_run.hpp"
#include "nas/quantize/quantize.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// One linear layer whose second weight is rounded from 0.001 up to 1 / 127.
QuantizedNetwork network_that_errs() {
  const auto [plan, input] = PlanChain({2, 1, 1}).then(Linear{2, 1}, "scores").done();
  const Weights weights{{"scores.weight", {{1, 2}, {1, 0.6F / 127}}}, {"scores.bias", {{1}, {0}}}};
  return quantized(inference_network(plan, input, weights), value_grids(plan, {{0, 8}, {0, 8}}));
}

ValueMeans means_of(const QuantizedNetwork& network, const std::vector<float>& samples) {
  ValueMeans means(shapes(network.network.plan, network.network.input));
  means.add(0, samples);
  return means;
}

}  // namespace

TEST_CASE("Means are of each number over all samples") {
  ValueMeans means({{2, 1, 2}});
  means.add(0, std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8});
  means.add(0, std::vector<float>{0, 1, 2, 3});
  CHECK(means.mean(0) == std::vector<double>{2, 3, 4, 5});
}

TEST_CASE("What rounded weights move the mean by is taken out of the bias") {
  QuantizedNetwork network = network_that_errs();
  const std::vector<float> sample{0, 8};
  const auto output = [&] { return integer_outputs(integer_network(network), sample)[0]; };
  const double right = 8 * 0.6 / 127;
  CHECK(output() == Approx(8.0 / 127));
  correct_biases(network, means_of(network, sample));
  CHECK(output() == Approx(right).margin(1e-3));
}

TEST_CASE("A convolution of two groups is corrected with the means of each") {
  const auto [plan, input] =
      PlanChain({2, 2, 2}).then(Convolution{2, 2, {2, 2}, 1, {0, 0}, 1, 2, true}, "conv").done();
  const float lost = 0.4F / 127;
  const Weights weights{{"conv.weight", {{2, 1, 2, 2}, {1, lost, 0, 0, 1, 0, 0, lost}}},
                        {"conv.bias", {{2}, {0, 0}}}};
  QuantizedNetwork network =
      quantized(inference_network(plan, input, weights), value_grids(plan, {{0, 10}, {0, 10}}));
  ValueMeans means(shapes(plan, input));
  means.add(0, std::vector<float>{2, 2, 2, 2, 10, 10, 10, 10});
  correct_biases(network, means);
  const double unit = double{network.layers.at(1).scales[0]} * double{network.grids[0].scale};
  CHECK(network.layers.at(1).bias[0] == Approx(double{lost} * 2 / unit).margin(0.5));
  CHECK(network.layers.at(1).bias[1] == Approx(double{lost} * 10 / unit).margin(0.5));
}

}  // namespace nas
