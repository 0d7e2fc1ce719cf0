#include "nas/supernet/architecture_step.hpp"

#include <functional>

#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::double_batch;
using test::double_supernet;
using test::set_alphas;
using test::some_alphas;

Unroll some_unroll(const Supernet& supernet) {
  Unroll unroll;
  unroll.learning_rate = 0.3;
  unroll.momentum = 0.9;
  unroll.weight_decay = 0.05;
  torch::manual_seed(31);
  for (const torch::Tensor& weight : supernet.weights()) {
    unroll.momentum_buffers.push_back(torch::randn_like(weight).mul_(0.05).detach());
  }
  return unroll;
}

/// w' at these alphas, by autograd and nothing of the code under test.
std::vector<torch::Tensor> unrolled_weights(const torch::Tensor& alphas, const Batch& train) {
  Supernet supernet = double_supernet();
  const Unroll unroll = some_unroll(supernet);
  set_alphas(supernet, alphas);
  const auto loss = torch::cross_entropy_loss(supernet.forward(train.images), train.labels);
  const auto gradients = torch::autograd::grad({loss}, supernet.weights());
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> weights;
  for (size_t i = 0; i < gradients.size(); ++i) {
    const torch::Tensor& w = supernet.weights()[i];
    weights.push_back(w - unroll.learning_rate * (unroll.momentum * unroll.momentum_buffers[i] +
                                                  gradients[i] + unroll.weight_decay * w));
  }
  return weights;
}

double loss_with(const std::vector<torch::Tensor>& weights, const torch::Tensor& alphas,
                 const Batch& batch) {
  Supernet supernet = double_supernet();
  set_alphas(supernet, alphas);
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < weights.size(); ++i) {
    torch::Tensor(supernet.weights()[i]).copy_(weights[i]);
  }
  return supernet_loss(supernet, batch).item<double>();
}

/// Central differences of a function of the alphas.
torch::Tensor numeric_gradient(const std::function<double(const torch::Tensor&)>& function) {
  constexpr double kStep = 1e-5;
  torch::Tensor gradient = torch::zeros({2, 4}, torch::kDouble);
  for (int64_t row = 0; row < 2; ++row) {
    for (int64_t k = 0; k < 4; ++k) {
      torch::Tensor shift = torch::zeros({2, 4}, torch::kDouble);
      shift[row][k] = kStep;
      gradient[row][k] =
          (function(some_alphas() + shift) - function(some_alphas() - shift)) / (2 * kStep);
    }
  }
  return gradient;
}

double distance(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

}  // namespace

TEST_CASE("the first-order gradient agrees with differences of the validation loss", "[supernet]") {
  const Batch validation = double_batch(2);
  Supernet supernet = double_supernet();
  set_alphas(supernet, some_alphas());
  const ArchitectureGradient own = first_order_gradient(supernet, validation);
  const torch::Tensor numeric = numeric_gradient(
      [&](const torch::Tensor& alphas) { return loss_with({}, alphas, validation); });
  REQUIRE(distance(own.gradients.front(), numeric) < 1e-6);
  REQUIRE(own.loss.item<double>() == Approx(loss_with({}, some_alphas(), validation)));
}

TEST_CASE("the second-order gradient agrees with differences of the bilevel objective",
          "[supernet]") {
  const Batch train = double_batch(1);
  const Batch validation = double_batch(2);
  const torch::Tensor exact = numeric_gradient([&](const torch::Tensor& alphas) {
    return loss_with(unrolled_weights(alphas, train), alphas, validation);
  });
  const auto fixed = unrolled_weights(some_alphas(), train);
  const torch::Tensor without_product = numeric_gradient(
      [&](const torch::Tensor& alphas) { return loss_with(fixed, alphas, validation); });
  Supernet supernet = double_supernet();
  set_alphas(supernet, some_alphas());
  Unroll unroll = some_unroll(supernet);
  unroll.radius = 1e-5;
  const ArchitectureGradient own = second_order_gradient(supernet, train, validation, unroll);
  REQUIRE(distance(own.gradients.front(), exact) < 1e-5);
  // The product of second derivatives is no small part of it here, so its sign and scale matter.
  REQUIRE(distance(without_product, exact) > 0.05);
  REQUIRE(own.loss.item<double>() == Approx(loss_with(fixed, some_alphas(), validation)));

  // A wider step differences more coarsely.
  double before = distance(own.gradients.front(), exact);
  for (const double radius : {1e-4, 1e-3, 1e-2}) {
    unroll.radius = radius;
    const ArchitectureGradient coarse = second_order_gradient(supernet, train, validation, unroll);
    const double error = distance(coarse.gradients.front(), exact);
    REQUIRE(error > before);
    REQUIRE(error < 40 * radius);
    before = error;
  }
}

TEST_CASE("without a look ahead both orders give the same gradient", "[supernet]") {
  Supernet supernet = double_supernet();
  set_alphas(supernet, some_alphas());
  Unroll unroll = some_unroll(supernet);
  unroll.learning_rate = 0;
  const Batch train = double_batch(1);
  const Batch validation = double_batch(2);
  const auto first = first_order_gradient(supernet, validation);
  const auto second = second_order_gradient(supernet, train, validation, unroll);
  REQUIRE(first.gradients.front().equal(second.gradients.front()));
}

TEST_CASE("architecture gradients leave weights, running statistics and alphas bit for bit",
          "[supernet]") {
  Supernet supernet = double_supernet();
  set_alphas(supernet, some_alphas());
  const Batch train = double_batch(1);
  const Batch validation = double_batch(2);
  supernet.forward(train.images);  // running statistics that are not the initial ones
  const NamedTensors before = test::copied(supernet.state());
  first_order_gradient(supernet, validation);
  REQUIRE(test::identical(supernet.state(), before));
  second_order_gradient(supernet, train, validation, some_unroll(supernet));
  REQUIRE(test::identical(supernet.state(), before));
  supernet.forward(train.images);
  REQUIRE_FALSE(test::identical(supernet.state(), before));
}

TEST_CASE("the gradient of the training loss by the weights agrees with differences",
          "[supernet]") {
  const Batch train = double_batch(1);
  Supernet supernet = double_supernet();
  set_alphas(supernet, some_alphas());
  const auto gradients =
      torch::autograd::grad({supernet_loss(supernet, train)}, supernet.weights());
  for (size_t i = 0; i < gradients.size(); ++i) {
    torch::manual_seed(41 + i);
    const torch::Tensor direction = torch::randn_like(gradients[i]);
    const auto at_distance = [&](double step) {
      std::vector<torch::Tensor> weights;
      for (const torch::Tensor& weight : supernet.weights()) weights.push_back(weight.detach());
      weights[i] = weights[i] + step * direction;
      return loss_with(weights, some_alphas(), train);
    };
    constexpr double kStep = 1e-6;
    const double numeric = (at_distance(kStep) - at_distance(-kStep)) / (2 * kStep);
    REQUIRE((gradients[i] * direction).sum().item<double>() ==
            Approx(numeric).epsilon(1e-5).margin(1e-8));
  }
}

}  // namespace nas
