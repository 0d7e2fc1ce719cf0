#pragma once

#include <memory>
#include <string>

#include "nas/data/dataset.hpp"
#include "nas/supernet/architecture_step.hpp"
#include "nas/supernet/supernet.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/digits.hpp"
#include "tests/torch/plans.hpp"

namespace nas::test {

/// Two mixed edges of four options each.
inline SupernetPlan two_edges() {
  return {small_supernet(2, 3), {{"cell", 2, {"none", "skip_connect", "conv", "pool"}}}};
}

/// In double precision, the same at every call.
inline Supernet double_supernet() {
  SupernetSetting setting;
  setting.seed = 11;
  setting.dtype = torch::kDouble;
  Supernet supernet(two_edges(), setting);
  supernet.network().train();
  return supernet;
}

inline Batch double_batch(uint64_t seed) {
  torch::manual_seed(seed);
  return {torch::randn({6, 3, 6, 6}, torch::kDouble), torch::arange(6).remainder(3)};
}

inline void set_alphas(Supernet& supernet, const torch::Tensor& values) {
  const torch::NoGradGuard no_grad;
  torch::Tensor(supernet.alphas().front()).copy_(values);
}

/// Far from uniform, so that gradients differ between options.
inline torch::Tensor some_alphas() {
  torch::manual_seed(21);
  return torch::randn({2, 4}, torch::kDouble) * 0.5;
}

inline std::unique_ptr<Space> small_space() {
  NasBench201Options options;
  options.channels = 4;
  options.cells_per_stage = 1;
  return make_nas_bench_201(options, {{1, 8, 8}, 10});
}

inline NamedTensors copied(const NamedTensors& tensors) {
  NamedTensors copies;
  for (const auto& [name, tensor] : tensors) copies.emplace_back(name, tensor.detach().clone());
  return copies;
}

inline bool identical(const NamedTensors& a, const NamedTensors& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].first != b[i].first || !a[i].second.equal(b[i].second)) return false;
  }
  return true;
}

}  // namespace nas::test
