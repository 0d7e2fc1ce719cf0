#include "nas/evaluate/zero_cost/naswot.hpp"

#include "tests/evaluate/zero_cost/tiny.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::Tiny;

/// How many places of two lists agree in being positive.
int64_t agreements(const torch::Tensor& a, const torch::Tensor& b) {
  int64_t count = 0;
  for (int64_t i = 0; i < a.numel(); ++i) {
    count += (a[i].item<double>() > 0) == (b[i].item<double>() > 0) ? 1 : 0;
  }
  return count;
}

TEST_CASE("naswot is the log-determinant of how often ReLUs agree", "[zero_cost]") {
  const Tiny tiny;
  std::vector<torch::Tensor> outputs;
  tiny.logits(tiny.batch.images, tiny.weights(), {}, outputs);
  // The first ReLU reads the first convolution, the second one batch norm of the second.
  const torch::Tensor second = outputs[1] - outputs[1].mean({0, 2, 3}, true);
  const torch::Tensor codes = torch::cat({outputs[0].flatten(1), second.flatten(1)}, 1);
  const torch::Tensor kernel = torch::zeros({5, 5}, torch::kDouble);
  for (int64_t i = 0; i < 5; ++i) {
    for (int64_t j = 0; j < 5; ++j) {
      kernel[i][j] = static_cast<double>(agreements(codes[i], codes[j]));
    }
  }
  REQUIRE(kernel[0][0].item<double>() == 3 * 36 + 4 * 9);
  const double expected = std::log(torch::det(kernel).item<double>());
  CHECK(naswot(tiny.probe(Differentiation::none)) == Approx(expected).epsilon(1e-9));
}

TEST_CASE("naswot has its closed form for two examples, and is infinite for equal codes",
          "[zero_cost]") {
  Probe probe;
  probe.logits = torch::zeros({2, 1});
  probe.activations = {torch::tensor({{1.0, 0.0, 2.0, 0.0}, {1.0, 3.0, 0.0, 0.0}})};
  CHECK(naswot(probe) == Approx(std::log(4.0 * 4 - 2 * 2)));
  probe.activations = {torch::ones({2, 7})};
  CHECK(naswot(probe) == -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace nas
