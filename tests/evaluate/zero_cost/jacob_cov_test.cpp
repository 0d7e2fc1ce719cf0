#include "nas/evaluate/zero_cost/jacob_cov.hpp"

#include "tests/evaluate/zero_cost/tiny.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::Tiny;

TEST_CASE("jacob_cov comes from the eigenvalues of the Jacobians' correlations", "[zero_cost]") {
  const Tiny tiny;
  const torch::Tensor images = tiny.batch.images.clone().requires_grad_();
  std::vector<torch::Tensor> outputs;
  const torch::Tensor sum = tiny.logits(images, tiny.weights(), {}, outputs).sum();
  const torch::Tensor jacobian = torch::autograd::grad({sum}, {images}).front().flatten(1);
  const torch::Tensor centred = jacobian - jacobian.mean(1, true);
  const torch::Tensor unit = centred / centred.norm(2, 1, true);
  const torch::Tensor values = torch::real(torch::linalg_eigvals(unit.matmul(unit.t())));
  double expected = 0;
  for (int64_t i = 0; i < 5; ++i) {
    const double v = values[i].item<double>() + 1e-5;
    expected -= std::log(v) + 1 / v;
  }
  CHECK(jacob_cov(tiny.probe(Differentiation::none)) == Approx(expected).epsilon(1e-7));
}

TEST_CASE("jacob_cov has its largest value where Jacobians do not correlate", "[zero_cost]") {
  // One pixel an example, each its own: the correlation matrix of n unit vectors in n + 1 places.
  Probe probe;
  probe.images = torch::zeros({4, 1, 5, 1}, torch::kDouble).requires_grad_();
  const torch::Tensor weights = torch::zeros({4, 5}, torch::kDouble);
  for (int64_t i = 0; i < 4; ++i) weights[i][i] = 1;
  probe.logits = (probe.images.flatten(1) * weights).sum(1, true);
  // Centred unit vectors of length 5 have correlation -1/4: eigenvalues 5/4 (three) and 1/4.
  const double expected = -3 * (std::log(1.25001) + 1 / 1.25001) - std::log(0.25001) - 1 / 0.25001;
  CHECK(jacob_cov(probe) == Approx(expected));
  probe.logits = (probe.images.flatten(1) * torch::ones_like(weights).slice(1, 0, 5)).sum(1, true);
  CHECK(std::isnan(jacob_cov(probe)));  // constant Jacobians have no correlation
}

TEST_CASE("jacob_cov is no number where the input does not reach the logits", "[zero_cost]") {
  Probe probe;
  probe.images = torch::zeros({4, 1, 2, 2}).requires_grad_();
  probe.logits = torch::ones({4, 3}).requires_grad_();
  CHECK(std::isnan(jacob_cov(probe)));
}

}  // namespace
}  // namespace nas
