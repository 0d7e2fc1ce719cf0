#include "nas/supernet/mixture.hpp"

#include "nas/core/error.hpp"
#include "nas/supernet/binary_paths.hpp"
#include "nas/supernet/dirichlet.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

torch::Tensor concrete(const torch::Tensor& alphas, const MixtureDraw& draw) {
  const torch::Tensor noisy = at::log_softmax(alphas, 1) + gumbel_noise(alphas, draw.seed);
  return at::softmax(noisy / draw.temperature, 1);
}

class Softmax : public MixtureRule {
 public:
  Mixture sample(const torch::Tensor& alphas, const MixtureDraw&) const override {
    return {probabilities(alphas), {}};
  }
  torch::Tensor probabilities(const torch::Tensor& alphas) const override {
    return at::softmax(alphas, 1);
  }
};

class GumbelSoft final : public Softmax {
 public:
  Mixture sample(const torch::Tensor& alphas, const MixtureDraw& draw) const override {
    return {concrete(alphas, draw), {}};
  }
};

class GumbelHard final : public Softmax {
 public:
  Mixture sample(const torch::Tensor& alphas, const MixtureDraw& draw) const override {
    const torch::Tensor soft = concrete(alphas, draw);
    const torch::Tensor hard = one_hot_rows(soft);
    return {hard - soft.detach() + soft, hard.to(torch::kCPU, torch::kBool)};
  }
  Mixture evaluate(const torch::Tensor& alphas) const override {
    const torch::Tensor hard = one_hot_rows(alphas);
    return {hard, hard.to(torch::kCPU, torch::kBool)};
  }
};

class DirichletMixture final : public MixtureRule {
 public:
  explicit DirichletMixture(double divergence) : divergence_(divergence) {}

  Mixture sample(const torch::Tensor& alphas, const MixtureDraw& draw) const override {
    return {sample_dirichlet(concentration(alphas), draw.seed), {}};
  }
  torch::Tensor probabilities(const torch::Tensor& alphas) const override {
    const torch::Tensor beta = concentration(alphas);
    return beta / beta.sum(1, /*keepdim=*/true);
  }
  torch::Tensor penalty(const torch::Tensor& alphas) const override {
    if (divergence_ == 0) return {};
    return divergence_from_uniform(concentration(alphas)) * divergence_;
  }

 private:
  static torch::Tensor concentration(const torch::Tensor& alphas) { return at::elu(alphas) + 1; }

  double divergence_;
};

}  // namespace

Mixture MixtureRule::evaluate(const torch::Tensor& alphas) const {
  return {probabilities(alphas), {}};
}

void MixtureRule::settle(torch::Tensor&, const torch::Tensor&, const MixtureDraw&) const {}

torch::Tensor MixtureRule::penalty(const torch::Tensor&) const { return {}; }

torch::Tensor gumbel_noise(const torch::Tensor& like, uint64_t seed) {
  const at::Generator generator = at::detail::createCPUGenerator(seed);
  const torch::Tensor exponential = torch::empty(like.sizes(), torch::kDouble);
  torch::Tensor(exponential).exponential_(1, generator);
  return exponential.log().neg().to(like.device(), like.scalar_type());
}

torch::Tensor one_hot_rows(const torch::Tensor& rows) {
  const torch::Tensor values = rows.detach();
  return torch::zeros_like(values).scatter(1, values.argmax(1, /*keepdim=*/true), 1);
}

torch::Tensor softmax_by_target(const torch::Tensor& values, const torch::Tensor& targets) {
  const torch::Tensor powers = (values - values.detach().max()).exp();
  const torch::Tensor sums = torch::zeros_like(powers).index_add(0, targets, powers);
  return powers / sums.index_select(0, targets);
}

std::shared_ptr<const MixtureRule> make_mixture_rule(MixtureKind kind, double divergence) {
  switch (kind) {
    case MixtureKind::softmax:
      return std::make_shared<Softmax>();
    case MixtureKind::gumbel_hard:
      return std::make_shared<GumbelHard>();
    case MixtureKind::gumbel_soft:
      return std::make_shared<GumbelSoft>();
    case MixtureKind::dirichlet:
      return std::make_shared<DirichletMixture>(divergence);
    case MixtureKind::binary_paths:
      return std::make_shared<BinaryPaths>();
  }
  throw RunError("unknown mixture");
}

}  // namespace nas
