#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nas/kernels/branch_sum.hpp"
#include "nas/torch/torch.hpp"
#include "tests/kernels/layer_by_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {

/// Branches of all kinds over one input, and everything that has a gradient.
struct Scene {
  torch::Tensor x;
  std::vector<Branch> branches;
  std::vector<torch::Tensor> learned;
};

struct SceneSize {
  int64_t samples = 5;
  int64_t channels = 16;
  int64_t side = 8;
  int64_t stride = 1;
  bool affine = true;
  torch::Device device = torch::kCPU;
  torch::MemoryFormat layout = torch::MemoryFormat::Contiguous;  // of the images
};

class SceneBuilder {
 public:
  SceneBuilder(const SceneSize& size, torch::ScalarType type) : size_(size), type_(type) {
    torch::manual_seed(11);
    scene_.x = learned({size.samples, size.channels, size.side, size.side}, 1);
  }

  Scene build() {
    for (const int64_t kernel : {3, 5}) {
      separable(kernel, 1, 2);
      separable(kernel, 2, 1);
    }
    for (const Pool pool : {Pool::largest, Pool::mean}) {
      scene_.branches.emplace_back(PoolBranch{pool, size_.stride, norm(size_.channels), factor()});
    }
    if (size_.stride == 1) {
      scene_.branches.emplace_back(IdentityBranch{{}, factor()});
      scene_.branches.emplace_back(IdentityBranch{norm(size_.channels), factor()});
      units_of(1);
      units_of(3);
    } else if (size_.channels > 1) {
      factorized_reduction();
    }
    return std::move(scene_);
  }

 private:
  torch::Tensor learned(const std::vector<int64_t>& shape, double scale) {
    torch::Tensor values = torch::randn(shape, torch::kDouble) * scale;
    const auto layout = shape.size() == 4 ? size_.layout : torch::MemoryFormat::Contiguous;
    scene_.learned.push_back(
        values.to(size_.device, type_).contiguous(layout).set_requires_grad(true));
    return scene_.learned.back();
  }
  torch::Tensor factor() { return learned({}, 1); }
  NormWeights norm(int64_t channels) {
    NormWeights norm;
    if (size_.affine) norm = {learned({channels}, 1), learned({channels}, 1), {}, {}};
    norm.running_mean = torch::zeros(channels, type_).to(size_.device);
    norm.running_variance = torch::ones(channels, type_).to(size_.device);
    return norm;
  }
  void separable(int64_t kernel, int64_t dilation, int64_t units) {
    SeparableBranch branch;
    for (int64_t i = 0; i < units; ++i) {
      branch.units.push_back({kernel,
                              i == 0 ? size_.stride : 1,
                              dilation,
                              learned({size_.channels, 1, kernel, kernel}, 0.3),
                              learned({size_.channels, size_.channels, 1, 1}, 0.3),
                              {},
                              norm(size_.channels)});
    }
    branch.factor = factor();
    scene_.branches.emplace_back(std::move(branch));
  }

  /// Convolutions over all channels, one after another.
  void units_of(int64_t kernel) {
    SeparableBranch branch;
    for (const auto& [in, out] : {std::pair(size_.channels, size_.channels + 3),
                                  std::pair(size_.channels + 3, size_.channels)}) {
      branch.units.push_back(
          {kernel, 1, 1, {}, learned({out, in, kernel, kernel}, 0.3), {}, norm(out)});
    }
    branch.factor = factor();
    scene_.branches.emplace_back(std::move(branch));
  }
  void factorized_reduction() {
    const int64_t half = size_.channels / 2;
    SeparableUnit unit{1, 2, 1, {}, learned({half, size_.channels, 1, 1}, 0.3), {}, {}};
    unit.shifted = learned({size_.channels - half, size_.channels, 1, 1}, 0.3);
    unit.norm = norm(size_.channels);
    scene_.branches.emplace_back(SeparableBranch{{unit}, factor()});
  }

  SceneSize size_;
  torch::ScalarType type_;
  Scene scene_;
};

inline std::vector<BranchInput> over(const torch::Tensor& x, std::span<const Branch> branches) {
  return {{x, {branches.begin(), branches.end()}}};
}
inline torch::Tensor joined(const torch::Tensor& x, std::span<const Branch> branches,
                            const NormPass& pass) {
  return branch_sum(over(x, branches), pass);
}
/// The same branches over two inputs: every second one over a copy of x.
inline std::vector<BranchInput> over_two(const torch::Tensor& x, std::span<const Branch> branches) {
  std::vector<BranchInput> inputs{{x, {}}, {x * 1, {}}};
  for (size_t i = 0; i < branches.size(); ++i) inputs[i % 2].branches.push_back(branches[i]);
  return inputs;
}

inline torch::Tensor joined_of_two(const torch::Tensor& x, std::span<const Branch> branches,
                                   const NormPass& pass) {
  return branch_sum(over_two(x, branches), pass);
}

using Sum = torch::Tensor (*)(const torch::Tensor&, std::span<const Branch>, const NormPass&);

/// The sum, the gradients of everything for one random direction, and all running statistics.
inline std::vector<torch::Tensor> results(const Scene& scene, Sum sum) {
  const torch::Tensor out = sum(scene.x, scene.branches, {/*training=*/true, 0.3});
  torch::manual_seed(5);
  const torch::Tensor direction = torch::randn(out.sizes(), torch::kDouble).to(out.options());
  std::vector<torch::Tensor> all = torch::autograd::grad({out}, scene.learned, {direction});
  all.push_back(out.detach());
  const auto add = [&](const NormWeights& norm) {
    all.push_back(norm.running_mean);
    all.push_back(norm.running_variance);
  };
  for (const Branch& branch : scene.branches) {
    const auto* pool = std::get_if<PoolBranch>(&branch);
    if (pool != nullptr && pool->norm) add(*pool->norm);
    const auto* identity = std::get_if<IdentityBranch>(&branch);
    if (identity != nullptr && identity->norm) add(*identity->norm);
    const auto* separable = std::get_if<SeparableBranch>(&branch);
    if (separable == nullptr) continue;
    for (const SeparableUnit& unit : separable->units) add(unit.norm);
  }
  return all;
}

inline double largest_difference(const std::vector<torch::Tensor>& a,
                                 const std::vector<torch::Tensor>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].sizes() == b[i].sizes());
    const torch::Tensor expected = b[i].to(torch::kCPU, torch::kDouble);
    const double scale = std::max(1.0, expected.abs().max().item<double>());
    const double difference =
        (a[i].to(torch::kCPU, torch::kDouble) - expected).abs().max().item<double>() / scale;
    INFO("tensor " << i << " of " << a[i].sizes() << " differs by " << difference);
    CHECK(std::isfinite(difference));
    largest = std::max(largest, difference);
  }
  return largest;
}

inline Scene scene_of(const SceneSize& size, torch::ScalarType type) {
  return SceneBuilder(size, type).build();
}

/// Without training a sum uses the running statistics, and leaves them alone.
inline void check_running_statistics(Sum sum, torch::Device device) {
  SceneSize size;
  size.device = device;
  const Scene scene = scene_of(size, torch::kDouble);
  results(scene, sum);  // moves the running statistics
  const torch::NoGradGuard no_grad;
  const NormWeights norm = *std::get<PoolBranch>(scene.branches[4]).norm;
  const torch::Tensor mean = norm.running_mean.clone();
  REQUIRE(torch::allclose(sum(scene.x, scene.branches, {}),
                          layer_by_layer(scene.x, scene.branches, {}), 1e-9, 1e-9));
  REQUIRE(torch::equal(norm.running_mean, mean));
}

}  // namespace nas
