#include "nas/supernet/collapse.hpp"

#include <vector>

#include "nas/supernet/curvature.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::vector<Metrics> epochs_with(const char* name, const std::vector<double>& values) {
  std::vector<Metrics> epochs;
  for (const double value : values) {
    epochs.push_back({{kSkipConnections, 0}, {kEigenvalue, 1}});
    epochs.back()[name] = value;
  }
  return epochs;
}

TEST_CASE("a search whose eigenvalue runs away goes back by a window", "[supernet]") {
  CollapseGuard guard;
  guard.eigenvalue_ratio = 0.75;
  guard.window = 2;
  REQUIRE_FALSE(collapsed_after(epochs_with(kEigenvalue, {1, 1, 1, 1.2}), guard));
  REQUIRE(collapsed_after(epochs_with(kEigenvalue, {1, 1, 1.5, 1.5}), guard) == 1);
  REQUIRE(collapsed_after(epochs_with(kEigenvalue, {1, 1, 1, -3}), guard) == 1);
  guard.eigenvalue_ratio = 0;
  REQUIRE_FALSE(collapsed_after(epochs_with(kEigenvalue, {1, 1, 9, 9}), guard));
}

TEST_CASE("a search that derives too many skip connections goes back by an epoch", "[supernet]") {
  CollapseGuard guard;
  REQUIRE_FALSE(collapsed_after(epochs_with(kSkipConnections, {0, 4}), guard));
  guard.skip_connections = 2;
  REQUIRE_FALSE(collapsed_after(epochs_with(kSkipConnections, {0, 1, 2}), guard));
  REQUIRE(collapsed_after(epochs_with(kSkipConnections, {0, 1, 3}), guard) == 1);
  REQUIRE(collapsed_after(epochs_with(kSkipConnections, {3}), guard) == 0);
}

/// The Hessian by the alphas [2, 4], row by row from differences of gradients.
torch::Tensor whole_hessian(Supernet& supernet, const Batch& batch) {
  constexpr double kStep = 1e-5;
  const torch::Tensor origin = supernet.alphas().front().detach().clone();
  std::vector<torch::Tensor> rows;
  for (int64_t i = 0; i < origin.numel(); ++i) {
    torch::Tensor shift = torch::zeros_like(origin);
    shift.view({-1})[i] = kStep;
    test::set_alphas(supernet, origin + shift);
    const torch::Tensor ahead = first_order_gradient(supernet, batch).gradients.front();
    test::set_alphas(supernet, origin - shift);
    const torch::Tensor behind = first_order_gradient(supernet, batch).gradients.front();
    rows.push_back((ahead - behind).flatten() / (2 * kStep));
  }
  test::set_alphas(supernet, origin);
  return torch::stack(rows);
}

TEST_CASE("power iteration finds the Hessian's dominant eigenvalue and changes nothing",
          "[supernet]") {
  Supernet supernet = test::double_supernet();
  test::set_alphas(supernet, test::some_alphas());
  const Batch batch = test::double_batch(2);
  const torch::Tensor eigenvalues =
      std::get<0>(torch::linalg_eigh(whole_hessian(supernet, batch), "L"));
  const torch::Tensor largest = eigenvalues[eigenvalues.abs().argmax().item<int64_t>()];
  const NamedTensors before = test::copied(supernet.state());
  torch::manual_seed(3);
  const torch::Tensor start = torch::randn({2, 4}, torch::kDouble);
  const Curvature found = dominant_curvature(supernet, batch, {start / start.norm()}, 200);
  REQUIRE(found.eigenvalue == Approx(largest.item<double>()).epsilon(1e-2));
  REQUIRE(test::identical(supernet.state(), before));
}

}  // namespace
}  // namespace nas
