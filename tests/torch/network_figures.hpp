#pragma once

#include <optional>
#include <vector>

#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/with_kernels.hpp"

namespace nas::test {

struct Figures {
  std::vector<torch::Tensor> gradients;  // of one training step's loss
  torch::Tensor outputs;                 // without training, after it
};

/// A batch, and what training does with it.
struct FigureSetting {
  int64_t samples = 32;
  double drop_path = 0;
  int64_t side = 8;
};

/// Of a new network in double precision, the same at every call.
inline Figures figures_of(const NetworkPlan& plan, std::vector<torch::Tensor> mixture,
                          KernelChoice choice, const FigureSetting& setting = {}) {
  const WithKernels kernels(choice);
  const auto network = build_network(plan, 3, torch::kCPU);
  network->to(torch::kDouble);
  network->set_mixture(mixture, {});
  torch::manual_seed(2);
  const torch::Tensor x =
      torch::randn({setting.samples, 3, setting.side, setting.side}, torch::kDouble);
  network->train();
  network->set_drop_path(setting.drop_path);
  const torch::Tensor loss = network->forward(x).front().square().sum();
  std::vector<torch::Tensor> by = network->parameters();
  by.insert(by.end(), mixture.begin(), mixture.end());
  Figures figures{torch::autograd::grad({loss}, by, {}, std::nullopt, false, /*allow_unused=*/true),
                  {}};
  network->eval();
  const torch::NoGradGuard no_grad;
  figures.outputs = network->forward(x).front();
  return figures;
}

/// A network gives with joined nodes what its layers give one by one.
inline void check_kernels_agree(const NetworkPlan& plan, std::vector<torch::Tensor> mixture = {},
                                const FigureSetting& setting = {}) {
  const Figures ours = figures_of(plan, mixture, KernelChoice::automatic, setting);
  const Figures reference = figures_of(plan, mixture, KernelChoice::reference, setting);
  REQUIRE(ours.gradients.size() == reference.gradients.size());
  for (size_t i = 0; i < ours.gradients.size(); ++i) {
    REQUIRE(ours.gradients[i].defined() == reference.gradients[i].defined());
    if (!ours.gradients[i].defined()) continue;
    CAPTURE(i);
    CHECK(torch::allclose(ours.gradients[i], reference.gradients[i], 1e-7, 1e-9));
  }
  CHECK(torch::allclose(ours.outputs, reference.outputs, 1e-7, 1e-9));
}

}  // namespace nas::test
