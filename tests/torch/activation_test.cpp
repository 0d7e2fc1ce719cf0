#include "nas/plan/cost.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/plans.hpp"

namespace nas {
namespace {

using test::chain;
using Kind = Activation::Kind;

torch::Tensor run(const NetworkPlan& plan, const torch::Tensor& x) {
  const auto network = build_network(plan, 1, torch::kCPU);
  network->eval();
  return network->forward(x).front();
}

torch::Tensor activated(Kind kind, const torch::Tensor& x) {
  return run(chain({Activation{kind}}), x);
}

}  // namespace

TEST_CASE("every activation is its formula, and so is its gradient", "[torch]") {
  torch::Tensor x = (torch::linspace(-9, 9, 73) + 0.01).view({1, 1, 1, 73});
  const auto clipped = [](const torch::Tensor& y) { return y.clamp(0, 6); };
  const std::vector<std::pair<Kind, torch::Tensor (*)(const torch::Tensor&)>> formulas{
      {Kind::relu6, [](const torch::Tensor& y) { return y.clamp(0, 6); }},
      {Kind::swish, [](const torch::Tensor& y) { return y / (1 + (-y).exp()); }},
      {Kind::sigmoid, [](const torch::Tensor& y) { return 1 / (1 + (-y).exp()); }},
      {Kind::hard_sigmoid, [](const torch::Tensor& y) { return (y + 3).clamp(0, 6) / 6; }},
      {Kind::hard_swish, [](const torch::Tensor& y) { return y * (y + 3).clamp(0, 6) / 6; }}};
  for (const auto& [kind, formula] : formulas) {
    INFO(static_cast<int>(kind));
    const torch::Tensor input = x.clone().requires_grad_();
    const torch::Tensor own = activated(kind, input);
    REQUIRE(torch::allclose(own, formula(x), 1e-5, 1e-6));
    const torch::Tensor twin = x.clone().requires_grad_();
    const auto gradient = torch::autograd::grad({own.sum()}, {input}).front();
    const auto expected = torch::autograd::grad({formula(twin).sum()}, {twin}).front();
    REQUIRE(torch::allclose(gradient, expected, 1e-5, 1e-6));
  }
  REQUIRE(activated(Kind::relu6, x).equal(clipped(x)));
}

TEST_CASE("multiply scales channels by a pooled gate, or values one by one", "[torch]") {
  PlanBuilder builder;
  const int64_t pool = builder.add(GlobalAveragePool{}, {0}, "pool");
  const int64_t scaled = builder.add(Multiply{}, {0, pool}, "scale");
  const int64_t square = builder.add(Multiply{}, {scaled, scaled}, "square");
  const NetworkPlan plan = std::move(builder).finish({square});
  const torch::Tensor x = torch::randn({2, 3, 4, 5});
  const torch::Tensor expected = (x * x.mean({2, 3}, true)).square();
  REQUIRE(torch::allclose(run(plan, x), expected, 1e-5, 1e-7));
  REQUIRE(cost(plan, {3, 4, 5}).parameters == 0);
}

TEST_CASE("resizing by half averages by a triangle, and to its own size changes nothing",
          "[torch]") {
  const torch::Tensor x = torch::randn({2, 3, 8, 6});
  REQUIRE(torch::allclose(run(chain({Resize{8, 6}}), x), x, 1e-6, 1e-6));
  const torch::Tensor rows = run(chain({Resize{4, 6}}), x);
  REQUIRE(rows.sizes() == torch::IntArrayRef({2, 3, 4, 6}));
  // Rows 1 to 4 of the input lie 1.5, 0.5, 0.5 and 1.5 from the centre of row 1 of the output.
  const torch::Tensor expected =
      (x.select(2, 1) + 3 * x.select(2, 2) + 3 * x.select(2, 3) + x.select(2, 4)) / 8;
  REQUIRE(torch::allclose(rows.select(2, 1), expected, 1e-5, 1e-6));
}

}  // namespace nas
