#include "nas/quantize/equalisation.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/random.hpp"
#include "nas/quantize/integer_run.hpp"
#include "nas/quantize/quantize.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Two layers with a ReLU between them, of one pixel; the first one's channels differ in size by
/// `spread`, which the second one makes up for.
TrainedNetwork unbalanced(double spread) {
  const auto [plan, input] = PlanChain({4, 1, 1})
                                 .then(Convolution{4, 6, {1, 1}, 1, {0, 0}, 1, 1, true}, "first")
                                 .then(Relu{}, "relu")
                                 .then(Linear{6, 3}, "scores")
                                 .done();
  Weights weights = random_weights(plan, 5);
  for (size_t channel = 0; channel < 6; ++channel) {
    const auto factor = static_cast<float>(std::pow(spread, static_cast<double>(channel) - 2.5));
    for (size_t i = 0; i < 4; ++i) weights["first.weight"].values[channel * 4 + i] *= factor;
    weights["first.bias"].values[channel] *= factor;
    for (size_t o = 0; o < 3; ++o) weights["scores.weight"].values[o * 6 + channel] /= factor;
  }
  return inference_network(plan, input, weights);
}

/// Values of the nodes first, relu and scores.
std::vector<std::vector<float>> values_of(const TrainedNetwork& network,
                                          const std::vector<float>& x) {
  const auto& weights = network.weights;
  std::vector<std::vector<float>> values(3);
  for (size_t c = 0; c < 6; ++c) {
    float sum = weights.at("first.bias").values[c];
    for (size_t i = 0; i < 4; ++i) sum += weights.at("first.weight").values[c * 4 + i] * x[i];
    values[0].push_back(sum);
    values[1].push_back(std::max(sum, 0.0F));
  }
  for (size_t o = 0; o < 3; ++o) {
    float sum = weights.at("scores.bias").values[o];
    for (size_t c = 0; c < 6; ++c) {
      sum += weights.at("scores.weight").values[o * 6 + c] * values[1][c];
    }
    values[2].push_back(sum);
  }
  return values;
}

std::vector<std::vector<float>> inputs() {
  std::vector<std::vector<float>> all;
  RandomStream random(3, "test.inputs");
  for (int i = 0; i < 50; ++i) {
    std::vector<float> x;
    for (int k = 0; k < 4; ++k) x.push_back(static_cast<float>(2 * random.uniform() - 1));
    all.push_back(x);
  }
  return all;
}

/// Mean squared error of the scores in whole numbers.
double int8_error(const TrainedNetwork& network) {
  std::vector<Range> ranges(4);
  ranges[0] = {-1, 1};
  for (const auto& x : inputs()) {
    const auto values = values_of(network, x);
    for (size_t node = 0; node < 3; ++node) {
      for (const float value : values[node]) {
        ranges[node + 1].low = std::min(ranges[node + 1].low, value);
        ranges[node + 1].high = std::max(ranges[node + 1].high, value);
      }
    }
  }
  const auto whole = integer_network(quantized(network, value_grids(network.plan, ranges)));
  double sum = 0;
  for (const auto& x : inputs()) {
    const auto found = integer_outputs(whole, x);
    const auto right = values_of(network, x)[2];
    for (size_t o = 0; o < 3; ++o) sum += std::pow(double{found[o]} - right[o], 2);
  }
  return sum / 150;
}

}  // namespace

TEST_CASE("Equalised layers give what they gave") {
  const TrainedNetwork before = unbalanced(4);
  TrainedNetwork after = before;
  equalize(after);
  CHECK(after.weights.at("first.weight").values != before.weights.at("first.weight").values);
  for (const auto& x : inputs()) {
    const auto right = values_of(before, x)[2];
    const auto found = values_of(after, x)[2];
    for (size_t o = 0; o < 3; ++o) CHECK(found[o] == Approx(right[o]).margin(1e-5));
  }
}

TEST_CASE("A channel is as large as what reads it once layers are equalised") {
  TrainedNetwork network = unbalanced(4);
  equalize(network);
  const auto& first = network.weights.at("first.weight").values;
  const auto& scores = network.weights.at("scores.weight").values;
  for (size_t c = 0; c < 6; ++c) {
    float given = 0;
    for (size_t i = 0; i < 4; ++i) given = std::max(given, std::fabs(first[c * 4 + i]));
    float read = 0;
    for (size_t o = 0; o < 3; ++o) read = std::max(read, std::fabs(scores[o * 6 + c]));
    CHECK(given == Approx(read).epsilon(0.01));
  }
}

TEST_CASE("A network out of balance loses less in int8 once it is equalised") {
  TrainedNetwork network = unbalanced(4);
  const double before = int8_error(network);
  equalize(network);
  CAPTURE(before, int8_error(network));
  CHECK(int8_error(network) < before / 10);
}

TEST_CASE("What another node reads too is left alone") {
  const auto [plan, input] = PlanChain({2, 4, 4})
                                 .then(Convolution{2, 2, {3, 3}, 1, {1, 1}}, "first")
                                 .then(Relu{}, "relu")
                                 .then(Convolution{2, 2, {3, 3}, 1, {1, 1}}, "second")
                                 .with_earlier(Add{}, 1, "sum")
                                 .then(Linear{32, 3}, "scores")
                                 .done();
  TrainedNetwork network = inference_network(plan, input, random_weights(plan, 2));
  const Weights before = network.weights;
  equalize(network);
  for (const auto& [name, tensor] : before) CHECK(network.weights.at(name).values == tensor.values);
}

}  // namespace nas
