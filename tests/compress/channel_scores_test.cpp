#include "nas/compress/channel_scores.hpp"

#include <algorithm>
#include <cmath>

#include "nas/torch/torch.hpp"
#include "nas/train/loss.hpp"
#include "tests/support/catch.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

constexpr Shape kInput{1, 8, 8};

struct Scene {
  NetworkPlan plan = test::small_plan();
  ChannelCoupling coupling = channel_coupling(plan, kInput);
  std::vector<UnitParameter> parameters =
      unit_parameters(plan, coupling, KeptUnits(static_cast<size_t>(coupling.units), 1));
  std::shared_ptr<Network> network = build_network(plan, 3, torch::Device(torch::kCPU));
  LabelledBatch batch;

  Scene() {
    torch::manual_seed(5);
    batch = {torch::randn({16, 1, 8, 8}), torch::randint(10, {16}, torch::kLong)};
    const torch::NoGradGuard no_grad;
    for (const auto& [name, tensor] : state_of(*network)) {
      torch::Tensor values = tensor;
      if (name.ends_with("norm.bias")) values.normal_(0, 0.5);
      if (name.ends_with("norm.weight")) values.uniform_(0.5, 1.5);
    }
    network->eval();
  }

  double loss() const {
    const torch::NoGradGuard no_grad;
    return cross_entropy(network->forward(batch.images).front().to(torch::kDouble), batch.labels, 0)
        .item<double>();
  }

  /// Multiplies one unit's rows of the parameters that `scores` looks at.
  void scale(int64_t unit, bool norms, double factor) const {
    const torch::NoGradGuard no_grad;
    for (const auto& parameter : parameters) {
      const bool of_norm = parameter.kind == UnitParameter::Kind::norm_scale ||
                           parameter.kind == UnitParameter::Kind::norm_shift;
      if (of_norm != norms) continue;
      for (size_t row = 0; row < parameter.units.size(); ++row) {
        if (parameter.units[row] != unit) continue;
        for (auto [name, tensor] : state_of(*network)) {
          if (name == parameter.tensor) tensor.select(0, static_cast<int64_t>(row)).mul_(factor);
        }
      }
    }
  }
};

bool has_norm(const Scene& scene, int64_t unit) {
  for (const auto& parameter : scene.parameters) {
    if (parameter.kind != UnitParameter::Kind::norm_scale) continue;
    if (std::count(parameter.units.begin(), parameter.units.end(), unit) > 0) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("Taylor scores are the slope of the loss as a channel fades", "[compress]") {
  const Scene scene;
  const std::vector<LabelledBatch> batches{scene.batch};
  const auto scores =
      taylor_scores(scene.parameters, scene.coupling.units, *scene.network, batches);
  constexpr double kStep = 1e-2;
  int64_t checked = 0;
  for (const auto& group : scene.coupling.groups) {
    for (const int64_t unit : group.units) {
      const bool norms = has_norm(scene, unit);
      scene.scale(unit, norms, 1 + kStep);
      const double above = scene.loss();
      scene.scale(unit, norms, (1 - kStep) / (1 + kStep));
      const double below = scene.loss();
      scene.scale(unit, norms, 1 / (1 - kStep));
      const double slope = std::abs(above - below) / (2 * kStep);
      REQUIRE(scores[static_cast<size_t>(unit)] == Approx(slope).epsilon(0.02).margin(2e-5));
      ++checked;
    }
  }
  REQUIRE(checked == 8 + 16);  // the sum's channels, with and without batch norm
}

TEST_CASE("Magnitudes are summed over the filters of coupled channels", "[compress]") {
  const Scene scene;
  const NamedTensors state = state_of(*scene.network);
  const auto scores = magnitude_scores(scene.parameters, scene.coupling.units, state);
  double expected = 0;
  for (const auto& [name, tensor] : state) {
    if (name == "stem.conv.weight" || name == "path.conv.weight") {
      expected += tensor.select(0, 2).abs().sum().item<double>();
    }
  }
  const auto unit = static_cast<size_t>(scene.coupling.groups.front().units[2]);
  REQUIRE(scores[unit] == Approx(expected));
}

TEST_CASE("Scales of batch norms leave channels alone that have none", "[compress]") {
  const Scene scene;
  const NamedTensors state = state_of(*scene.network);
  const auto scores = batch_norm_scores(scene.parameters, scene.coupling.units, state);
  REQUIRE(scene.coupling.groups.size() == 2);
  for (const int64_t unit : scene.coupling.groups[0].units) {
    REQUIRE(std::isfinite(scores[static_cast<size_t>(unit)]));
  }
  for (const int64_t unit : scene.coupling.groups[1].units) {
    REQUIRE(std::isinf(scores[static_cast<size_t>(unit)]));
  }
}

}  // namespace nas
