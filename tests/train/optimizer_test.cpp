#include "nas/train/optimizer.hpp"

#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/gradient_clip.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using Tensors = std::vector<torch::Tensor>;

/// A matrix, a convolution's weights with the channels last, and a vector.
Tensors make_parameters() {
  torch::manual_seed(1);
  Tensors list{torch::randn({4, 3}),
               torch::randn({4, 3, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast),
               torch::randn({5})};
  for (auto& tensor : list) tensor.requires_grad_();
  return list;
}

/// The same gradients for both, row-major whatever the parameters are; the last parameter gets none
/// at first.
void set_gradients(const Tensors& ours, const Tensors& theirs, int64_t step) {
  torch::manual_seed(static_cast<uint64_t>(100 + step));
  for (size_t i = 0; i < ours.size(); ++i) {
    if (i == 2 && step == 0) continue;
    const torch::Tensor gradient = torch::randn(ours[i].sizes());
    ours[i].mutable_grad() = gradient.clone();
    theirs[i].mutable_grad() = gradient.clone();
  }
}

double largest_difference(const Tensors& a, const Tensors& b) {
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, (a[i] - b[i]).abs().max().item<double>());
  }
  return largest;
}

/// Over six steps with a changing learning rate.
double difference_to(torch::optim::Optimizer& reference, const Tensors& theirs,
                     const OptimizerConfig& config) {
  const Tensors ours = make_parameters();
  Optimizer optimizer(ours, config);
  for (int64_t step = 0; step < 6; ++step) {
    const double rate = 0.1 / static_cast<double>(1 + step);
    set_gradients(ours, theirs, step);
    for (auto& group : reference.param_groups()) group.options().set_lr(rate);
    reference.step();
    optimizer.step(rate);
  }
  REQUIRE(largest_difference(ours, make_parameters()) > 0.01);
  return largest_difference(ours, theirs);
}

}  // namespace

TEST_CASE("SGD takes the same steps as LibTorch's", "[train]") {
  OptimizerConfig config;
  config.weight_decay = 0.01;
  config.momentum = GENERATE(0.0, 0.9);
  config.nesterov = GENERATE(false, true);
  const Tensors theirs = make_parameters();
  torch::optim::SGD reference(theirs, torch::optim::SGDOptions(0.1)
                                          .momentum(config.momentum)
                                          .nesterov(config.nesterov && config.momentum > 0)
                                          .weight_decay(config.weight_decay));
  REQUIRE(difference_to(reference, theirs, config) <= 2.5e-7);
}

TEST_CASE("Adam takes the same steps as LibTorch's", "[train]") {
  OptimizerConfig config;
  config.kind = OptimizerKind::adam;
  config.weight_decay = GENERATE(0.0, 0.01);
  const Tensors theirs = make_parameters();
  torch::optim::Adam reference(theirs,
                               torch::optim::AdamOptions(0.1).weight_decay(config.weight_decay));
  REQUIRE(difference_to(reference, theirs, config) <= 5e-7);
}

TEST_CASE("AdamW takes the same steps as LibTorch's", "[train]") {
  OptimizerConfig config;
  config.kind = OptimizerKind::adamw;
  config.weight_decay = GENERATE(0.0, 0.1);
  const Tensors theirs = make_parameters();
  torch::optim::AdamW reference(theirs,
                                torch::optim::AdamWOptions(0.1).weight_decay(config.weight_decay));
  REQUIRE(difference_to(reference, theirs, config) <= 5e-7);
}

TEST_CASE("weight decay of Adam and AdamW differs", "[train]") {
  OptimizerConfig config;
  config.kind = OptimizerKind::adam;
  config.weight_decay = 0.1;
  const Tensors theirs = make_parameters();
  torch::optim::AdamW reference(theirs,
                                torch::optim::AdamWOptions(0.1).weight_decay(config.weight_decay));
  REQUIRE(difference_to(reference, theirs, config) > 1e-3);
}

TEST_CASE("an optimizer goes on from its saved state, in any order of tensors", "[train]") {
  OptimizerConfig config;
  config.kind = GENERATE(OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw);
  const Tensors first = make_parameters();
  Optimizer before(first, config);
  set_gradients(first, make_parameters(), 1);
  before.step(0.1);
  NamedTensors state;
  for (const auto& [name, tensor] : before.state()) state.emplace_back(name, tensor.clone());
  std::reverse(state.begin(), state.end());
  Tensors second;
  for (const auto& tensor : first) second.push_back(tensor.detach().clone().requires_grad_());
  Optimizer after(second, config);
  after.load(state);
  set_gradients(first, second, 2);
  before.step(0.05);
  after.step(0.05);
  for (size_t i = 0; i < first.size(); ++i) REQUIRE(first[i].equal(second[i]));
}

TEST_CASE("optimizer state that does not fit is refused", "[train]") {
  OptimizerConfig config;
  Optimizer optimizer(make_parameters(), config);
  const NamedTensors state = optimizer.state();
  NamedTensors missing(state.begin() + 1, state.end());
  REQUIRE_THROWS_AS(optimizer.load(missing), InputError);
  NamedTensors surplus = state;
  surplus.emplace_back("momentum.77", torch::zeros({1}));
  REQUIRE_THROWS_AS(optimizer.load(surplus), InputError);
  NamedTensors shaped = state;
  shaped[0].second = torch::zeros({3, 4});
  REQUIRE_THROWS_AS(optimizer.load(shaped), InputError);
  NamedTensors typed = state;
  typed[0].second = typed[0].second.to(torch::kDouble);
  REQUIRE_THROWS_AS(optimizer.load(typed), InputError);
}

TEST_CASE("gradients are clipped as by LibTorch", "[train]") {
  const double largest = GENERATE(0.5, 1000.0);
  const Tensors ours = make_parameters();
  const Tensors theirs = make_parameters();
  set_gradients(ours, theirs, 1);
  clip_gradients(ours, largest);
  const double norm = torch::nn::utils::clip_grad_norm_(theirs, largest);
  REQUIRE(norm > 1);
  for (size_t i = 0; i < ours.size(); ++i) {
    REQUIRE(torch::allclose(ours[i].grad(), theirs[i].grad(), 1e-6, 0));
  }
  set_gradients(ours, theirs, 1);
  clip_gradients(ours, 0);
  for (size_t i = 0; i < ours.size(); ++i) REQUIRE(ours[i].grad().equal(theirs[i].grad()));
}

}  // namespace nas
