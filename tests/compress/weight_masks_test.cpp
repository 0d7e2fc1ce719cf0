#include "nas/compress/weight_masks.hpp"

#include "nas/torch/torch.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// A convolution of 6 channels to 2, 1x1, and a linear layer of 2 to 4.
NetworkPlan small_plan() {
  return PlanChain({6, 1, 1})
      .then(Convolution{6, 2, {1, 1}}, "conv")
      .then(Linear{2, 4}, "scores")
      .done()
      .first;
}

NamedTensors small_weights() {
  return {
      {"conv.weight", torch::tensor({1.0, -5.0, 3.0, 2.0, 0.1, 0.2, -1.0, 4.0, 4.5, -7.0, 0.3, 0.4})
                          .reshape({2, 6, 1, 1})},
      {"scores.weight", torch::tensor({9.0, 8.0, 7.0, 6.0, 0.05, 5.0, 0.06, 0.07}).reshape({4, 2})},
      {"scores.bias", torch::zeros({4})}};
}

}  // namespace

TEST_CASE("of each four inputs the two largest stay", "[compress]") {
  const auto masks = weight_masks(small_plan(), small_weights(), MaskPattern::two_of_four, 0);
  REQUIRE(masks.size() == 2);
  CHECK(masks[0].mask.flatten().equal(
      torch::tensor({0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0})));
  CHECK(masks[1].mask.equal(torch::ones({4, 2})));  // of fewer than four inputs
  CHECK(masks[0].largest == 0);
}

TEST_CASE("taps of a convolution have masks of their own along its inputs", "[compress]") {
  const auto plan = PlanChain({4, 2, 2}).then(Convolution{4, 3, {2, 2}}, "conv").done().first;
  torch::manual_seed(1);
  const torch::Tensor weight = torch::randn({3, 4, 2, 2});
  const auto masks = weight_masks(plan, {{"conv.weight", weight}}, MaskPattern::two_of_four, 0);
  CHECK(masks[0].mask.sum(1).equal(torch::full({3, 2, 2}, 2.0)));
  const torch::Tensor least_kept =
      torch::where(masks[0].mask == 1, weight.abs(), torch::full({}, 100.0)).amin(1);
  const torch::Tensor most_gone = (weight.abs() * (1 - masks[0].mask)).amax(1);
  CHECK((least_kept > most_gone).all().item<bool>());
}

TEST_CASE("an unstructured mask takes the smallest of all layers", "[compress]") {
  NamedTensors weights = small_weights();
  const auto masks = weight_masks(small_plan(), weights, MaskPattern::unstructured, 0.25);
  apply_masks(masks, weights);
  CHECK(weights[0].second.flatten().equal(
      torch::tensor({1.0, -5.0, 3.0, 2.0, 0.0, 0.0, -1.0, 4.0, 4.5, -7.0, 0.3, 0.4})));
  CHECK(weights[1].second.equal(
      torch::tensor({9.0, 8.0, 7.0, 6.0, 0.0, 5.0, 0.0, 0.0}).reshape({4, 2})));
}

}  // namespace nas
