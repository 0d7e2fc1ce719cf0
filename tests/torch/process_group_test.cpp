#include "nas/torch/process_group.hpp"

#include <functional>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/torch/shared_batch_norm.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/processes.hpp"

namespace nas {
namespace {

/// Of a batch norm over x with y * g summed up as the loss: y, and the gradients; those of weight
/// and bias where it has any.
struct NormResult {
  torch::Tensor y, dx, dweight, dbias, mean, variance;
};

struct NormInputs {
  torch::Tensor x, g;
};

NormWeights weights_of_three() {
  return {torch::tensor({0.5F, 1.5F, -1.0F}).requires_grad_(),
          torch::tensor({0.1F, 0.0F, 2.0F}).requires_grad_(), torch::zeros(3), torch::ones(3)};
}

NormResult normalized_by(
    const NormInputs& inputs, const NormWeights& weights,
    const std::function<torch::Tensor(const torch::Tensor&, const NormWeights&)>& norm) {
  const torch::Tensor x = inputs.x.clone().requires_grad_();
  const torch::Tensor y = norm(x, weights);
  std::vector<torch::Tensor> by{x};
  if (weights.weight.defined()) by.insert(by.end(), {weights.weight, weights.bias});
  auto gradients = torch::autograd::grad({(y * inputs.g).sum()}, by);
  gradients.resize(3);
  return {y.detach(),   gradients[0],         gradients[1],
          gradients[2], weights.running_mean, weights.running_variance};
}

bool close(const torch::Tensor& a, const torch::Tensor& b) {
  return torch::allclose(a, b, 1e-4, 1e-5);
}

void check_shared_norm(const std::function<NormWeights()>& weights) {
  torch::manual_seed(3);
  // Parts of different sizes and places, so that their own statistics would not do.
  const NormInputs whole{
      torch::randn({5, 3, 4, 2}) * 3 + torch::arange(5, torch::kFloat).view({5, 1, 1, 1}),
      torch::randn({5, 3, 4, 2})};
  const NormResult expected =
      normalized_by(whole, weights(), [](const auto& x, const NormWeights& w) {
        return at::batch_norm(x, w.weight, w.bias, w.running_mean, w.running_variance, true, 0.1,
                              kNormEpsilon, false);
      });
  std::vector<NormResult> found(2);
  test::with_processes(2, [&](ProcessGroup& group) {
    const int64_t first = group.leads() ? 0 : 2;
    const int64_t count = group.leads() ? 2 : 3;
    const NormInputs part{whole.x.narrow(0, first, count), whole.g.narrow(0, first, count)};
    found[static_cast<size_t>(group.rank())] = normalized_by(
        part, weights(),
        [&](const auto& x, const NormWeights& w) { return shared_batch_norm(x, w, 0.1, group); });
  });
  REQUIRE(close(torch::cat({found[0].y, found[1].y}), expected.y));
  REQUIRE(close(torch::cat({found[0].dx, found[1].dx}), expected.dx));
  if (expected.dweight.defined()) {
    REQUIRE(close(found[0].dweight + found[1].dweight, expected.dweight));
    REQUIRE(close(found[0].dbias + found[1].dbias, expected.dbias));
  }
  for (const NormResult& part : found) {
    REQUIRE(close(part.mean, expected.mean));
    REQUIRE(close(part.variance, expected.variance));
  }
}

}  // namespace

TEST_CASE("sums, questions and texts are the same in all processes of a group",
          "[torch][together]") {
  std::vector<double> sums(3);
  std::vector<bool> answers(3);
  std::vector<std::string> texts(3);
  test::with_processes(3, [&](ProcessGroup& group) {
    const auto rank = static_cast<size_t>(group.rank());
    const torch::Tensor numbers = torch::full({5}, static_cast<double>(rank + 1));
    group.sum(numbers);
    sums[rank] = numbers.sum().item<double>();
    answers[rank] = group.any(rank == 2) && !group.any(false);
    texts[rank] = group.shared(group.leads() ? "of the first" : "not this") + group.shared("");
  });
  for (size_t i = 0; i < 3; ++i) {
    REQUIRE(sums[i] == 30);
    REQUIRE(answers[i]);
    REQUIRE(texts[i] == "of the first");
  }
}

TEST_CASE("a shared batch norm is the batch norm of all parts together, backwards too",
          "[torch][together]") {
  check_shared_norm(weights_of_three);
}

TEST_CASE("a shared batch norm without weight and bias is so, too", "[torch][together]") {
  check_shared_norm([] { return NormWeights{{}, {}, torch::zeros(3), torch::ones(3)}; });
}

TEST_CASE("a process that waits for others in vain says so", "[torch][together]") {
  const ProcessRank self{0, 2, 0, "127.0.0.1", 0};
  Rendezvous rendezvous(self, Rendezvous::Role::serves, 1);
  REQUIRE_THROWS_AS(ProcessGroup(rendezvous, self, "test", torch::kCPU), RunError);
  const ProcessRank lost{1, 2, 1, "127.0.0.1", 1};
  REQUIRE_THROWS_AS(Rendezvous(lost, Rendezvous::Role::joins, 1), RunError);
}

}  // namespace nas
