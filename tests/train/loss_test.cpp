#include "nas/train/loss.hpp"

#include <cmath>

#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

torch::Tensor some_logits() {
  return torch::tensor({{2.0, -1.0, 0.3}, {0.1, 0.2, -0.4}, {-3.0, 4.0, 1.0}, {1.0, 1.0, 5.0}},
                       torch::kDouble);
}

torch::Tensor some_labels() { return torch::tensor({0, 2, 1, 0}, torch::kInt64); }

}  // namespace

TEST_CASE("focal loss is what its formula says", "[loss]") {
  const torch::Tensor logits = some_logits();
  const torch::Tensor p = torch::softmax(logits, 1);
  double sum = 0;
  double weighed = 0;
  double weights = 0;
  const torch::Tensor of_class = torch::tensor({0.5, 1.0, 3.0}, torch::kDouble);
  for (int64_t i = 0; i < 4; ++i) {
    const auto label = some_labels()[i].item<int64_t>();
    const auto own = p[i][label].item<double>();
    const double loss = -std::pow(1 - own, 2.5) * std::log(own);
    sum += loss;
    weighed += of_class[label].item<double>() * loss;
    weights += of_class[label].item<double>();
  }
  REQUIRE(focal_loss(logits, some_labels(), 2.5).item<double>() == Approx(sum / 4));
  REQUIRE(focal_loss(logits, some_labels(), 2.5, of_class).item<double>() ==
          Approx(weighed / weights));
}

TEST_CASE("focal loss of exponent 0 is the cross entropy", "[loss]") {
  const torch::Tensor weights = torch::tensor({0.5, 1.0, 3.0}, torch::kDouble);
  REQUIRE(focal_loss(some_logits(), some_labels(), 0).item<double>() ==
          Approx(cross_entropy(some_logits(), some_labels(), 0).item<double>()));
  REQUIRE(focal_loss(some_logits(), some_labels(), 0, weights).item<double>() ==
          Approx(cross_entropy(some_logits(), some_labels(), 0, weights).item<double>()));
}

TEST_CASE("gradients of the focal loss are those of differences", "[loss]") {
  const double gamma = GENERATE(0.5, 1.0, 2.0, 5.0);
  const torch::Tensor weights = torch::tensor({0.5, 1.0, 3.0}, torch::kDouble);
  torch::Tensor logits = some_logits().requires_grad_(true);
  focal_loss(logits, some_labels(), gamma, weights).backward();
  const torch::NoGradGuard no_grad;
  constexpr double kStep = 1e-6;
  for (int64_t i = 0; i < logits.numel(); ++i) {
    const auto at = [&](double step) {
      torch::Tensor moved = some_logits();
      moved.view(-1)[i] += step;
      return focal_loss(moved, some_labels(), gamma, weights).item<double>();
    };
    const double difference = (at(kStep) - at(-kStep)) / (2 * kStep);
    CHECK(logits.grad().view(-1)[i].item<double>() ==
          Approx(difference).margin(1e-9).epsilon(1e-6));
  }
}

TEST_CASE("focal loss stays finite where nothing is left to learn", "[loss]") {
  torch::Tensor logits = torch::tensor({{60.0f, -60.0f}, {-90.0f, 90.0f}}).requires_grad_(true);
  const torch::Tensor loss = focal_loss(logits, torch::tensor({0, 0}, torch::kInt64), 0.5);
  loss.backward();
  REQUIRE(loss.item<float>() == Approx(90));
  REQUIRE(torch::isfinite(logits.grad()).all().item<bool>());
}

}  // namespace nas
