#include "nas/supernet/binary_paths.hpp"

#include <algorithm>
#include <limits>

#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

torch::Tensor mask_of(const torch::Tensor& gates) { return gates.to(torch::kCPU, torch::kBool); }

/// True at two options a row, drawn without replacement by their probabilities: the largest of
/// log p + Gumbel noise are such a draw (Kool et al. 2019).
torch::Tensor drawn_pair(const torch::Tensor& alphas, uint64_t seed) {
  const torch::Tensor values = alphas.detach();
  const torch::Tensor noisy = at::log_softmax(values, 1) + gumbel_noise(values, seed);
  const int64_t count = std::min<int64_t>(2, values.size(1));
  const torch::Tensor indices = std::get<1>(noisy.topk(count, 1));
  return torch::zeros_like(values, torch::kBool).scatter(1, indices, true);
}

torch::Tensor only(const torch::Tensor& alphas, const torch::Tensor& mask) {
  return alphas.masked_fill(mask.logical_not(), -std::numeric_limits<double>::infinity());
}

}  // namespace

Mixture BinaryPaths::sample(const torch::Tensor& alphas, const MixtureDraw& draw) const {
  if (draw.purpose == MixtureDraw::For::weights) {
    const torch::Tensor values = alphas.detach();
    const torch::Tensor gates =
        one_hot_rows(at::log_softmax(values, 1) + gumbel_noise(values, draw.seed));
    return {gates, mask_of(gates)};
  }
  const torch::Tensor pair = drawn_pair(alphas, draw.seed);
  const torch::Tensor shares = at::softmax(only(alphas, pair), 1);
  const torch::Tensor noise =
      gumbel_noise(shares, derive_seed(draw.seed, "supernet.path_of_two", 0));
  const torch::Tensor gates = one_hot_rows(shares.detach().log() + noise);
  return {gates - shares.detach() + shares, mask_of(pair)};
}

torch::Tensor BinaryPaths::probabilities(const torch::Tensor& alphas) const {
  return at::softmax(alphas, 1);
}

Mixture BinaryPaths::evaluate(const torch::Tensor& alphas) const {
  const torch::Tensor gates = one_hot_rows(alphas);
  return {gates, mask_of(gates)};
}

void BinaryPaths::settle(torch::Tensor& alphas, const torch::Tensor& before,
                         const MixtureDraw& draw) const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor pair = drawn_pair(before, draw.seed);
  const auto mass = [&](const torch::Tensor& values) {
    return at::logsumexp(only(values, pair), {1}, /*keepdim=*/true);
  };
  alphas.add_(pair.to(alphas.scalar_type()) * (mass(before) - mass(alphas)));
}

}  // namespace nas
