#include "nas/kernels/branch_sum.hpp"

#include <ATen/Parallel.h>

#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "nas/kernels/sample_chunks.hpp"
#include "nas/torch/torch.hpp"
#include "tests/kernels/layer_by_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

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
      scene_.branches.emplace_back(IdentityBranch{factor()});
      pointwise();
    } else if (size_.channels > 1) {
      factorized_reduction();
    }
    const int64_t side = (size_.side - 1) / size_.stride + 1;
    scene_.branches.emplace_back(
        TensorBranch{learned({size_.samples, size_.channels, side, side}, 1), factor()});
    return std::move(scene_);
  }

 private:
  torch::Tensor learned(const std::vector<int64_t>& shape, double scale) {
    torch::Tensor values = torch::randn(shape, torch::kDouble) * scale;
    scene_.learned.push_back(values.to(type_).set_requires_grad(true));
    return scene_.learned.back();
  }
  torch::Tensor factor() { return learned({}, 1); }
  NormWeights norm(int64_t channels) {
    NormWeights norm;
    if (size_.affine) norm = {learned({channels}, 1), learned({channels}, 1), {}, {}};
    norm.running_mean = torch::zeros(channels, type_);
    norm.running_variance = torch::ones(channels, type_);
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

  void pointwise() {
    SeparableBranch branch;
    for (const auto& [in, out] : {std::pair(size_.channels, size_.channels + 3),
                                  std::pair(size_.channels + 3, size_.channels)}) {
      SeparableUnit unit{1, 1, 1, {}, learned({out, in, 1, 1}, 0.3), {}, norm(out)};
      branch.units.push_back(std::move(unit));
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

using Sum = torch::Tensor (*)(const torch::Tensor&, std::span<const Branch>, const NormPass&);

torch::Tensor joined(const torch::Tensor& x, std::span<const Branch> branches,
                     const NormPass& pass) {
  return branch_sum({{x, {branches.begin(), branches.end()}}}, pass);
}
/// The same branches over two inputs: every second one over a copy of x.
torch::Tensor joined_of_two(const torch::Tensor& x, std::span<const Branch> branches,
                            const NormPass& pass) {
  std::vector<BranchInput> inputs{{x, {}}, {x * 1, {}}};
  for (size_t i = 0; i < branches.size(); ++i) inputs[i % 2].branches.push_back(branches[i]);
  return branch_sum(std::move(inputs), pass);
}

/// The sum, the gradients of everything for one random direction, and all running statistics.
std::vector<torch::Tensor> results(const Scene& scene, Sum sum) {
  const torch::Tensor out = sum(scene.x, scene.branches, {/*training=*/true, 0.3});
  torch::manual_seed(5);
  const torch::Tensor direction = torch::randn(out.sizes(), torch::kDouble).to(out.scalar_type());
  std::vector<torch::Tensor> all = torch::autograd::grad({out}, scene.learned, {direction});
  all.push_back(out.detach());
  for (const Branch& branch : scene.branches) {
    if (const auto* pool = std::get_if<PoolBranch>(&branch)) {
      all.push_back(pool->norm.running_mean);
      all.push_back(pool->norm.running_variance);
    }
    const auto* separable = std::get_if<SeparableBranch>(&branch);
    if (separable == nullptr) continue;
    for (const SeparableUnit& unit : separable->units) {
      all.push_back(unit.norm.running_mean);
      all.push_back(unit.norm.running_variance);
    }
  }
  return all;
}

double largest_difference(const std::vector<torch::Tensor>& a,
                          const std::vector<torch::Tensor>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].sizes() == b[i].sizes());
    const torch::Tensor expected = b[i].to(torch::kDouble);
    const double scale = std::max(1.0, expected.abs().max().item<double>());
    const double difference =
        (a[i].to(torch::kDouble) - expected).abs().max().item<double>() / scale;
    INFO("tensor " << i << " of " << a[i].sizes() << " differs by " << difference);
    CHECK(std::isfinite(difference));
    largest = std::max(largest, difference);
  }
  return largest;
}

Scene scene_of(const SceneSize& size, torch::ScalarType type) {
  return SceneBuilder(size, type).build();
}

}  // namespace

TEST_CASE("sums of branches and their gradients equal those of LibTorch's layers", "[kernels]") {
  const int64_t stride = GENERATE(1, 2);
  const int64_t channels = GENERATE(1, 4, 8, 16, 20, 36);
  const int64_t side = GENERATE(5, 16);
  const bool affine = GENERATE(false, true);
  const SceneSize size{5, channels, side, stride, affine};
  CAPTURE(stride, channels, side, affine);
  const auto expected = results(scene_of(size, torch::kDouble), layer_by_layer);
  REQUIRE(largest_difference(results(scene_of(size, torch::kDouble), joined), expected) < 1e-9);
  REQUIRE(largest_difference(results(scene_of(size, torch::kFloat), joined), expected) < 2e-3);
  const auto of_two = results(scene_of(size, torch::kDouble), joined_of_two);
  REQUIRE(largest_difference(of_two, expected) < 1e-9);
}

TEST_CASE("the number of threads does not change the bits of a sum of branches", "[kernels]") {
  const SceneSize size{37, 16, 8, 1, true};
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const auto alone = results(scene_of(size, torch::kFloat), joined);
  at::set_num_threads(3);
  const auto together = results(scene_of(size, torch::kFloat), joined);
  at::set_num_threads(before);
  REQUIRE(alone.size() == together.size());
  for (size_t i = 0; i < alone.size(); ++i) REQUIRE(torch::equal(alone[i], together[i]));
}

TEST_CASE("a sum of branches uses the threads that it is given", "[kernels]") {
  const int before = at::get_num_threads();
  at::set_num_threads(2);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  SampleChunks(8).run([&](int64_t, int64_t) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  at::set_num_threads(before);
  REQUIRE(threads.size() == 2);
}

TEST_CASE("weights without a wish for gradients get none", "[kernels]") {
  const Scene scene = scene_of({}, torch::kFloat);
  const torch::Tensor out = joined(scene.x, scene.branches, {true, 0.1});
  const auto factor = std::get<IdentityBranch>(scene.branches[6]).factor;
  const auto found = torch::autograd::grad({out.square().sum()}, {factor});
  const torch::Tensor reference = layer_by_layer(scene.x, scene.branches, {true, 0.1});
  const auto expected = torch::autograd::grad({reference.square().sum()}, {factor});
  REQUIRE(torch::allclose(found[0], expected[0], 1e-4, 1e-3));
}

TEST_CASE("without training the running statistics are used and stay", "[kernels]") {
  const Scene scene = scene_of({}, torch::kDouble);
  results(scene, joined);  // moves the running statistics
  const torch::NoGradGuard no_grad;
  const auto& norm = std::get<PoolBranch>(scene.branches[4]).norm;
  const torch::Tensor mean = norm.running_mean.clone();
  REQUIRE(torch::allclose(joined(scene.x, scene.branches, {}),
                          layer_by_layer(scene.x, scene.branches, {}), 1e-9, 1e-9));
  REQUIRE(torch::equal(norm.running_mean, mean));
}

TEST_CASE("a second pass back over the same sum is refused unless the graph is kept", "[kernels]") {
  const Scene scene = scene_of({}, torch::kFloat);
  const torch::Tensor out = joined(scene.x, scene.branches, {true, 0.1}).sum();
  const auto first = torch::autograd::grad({out}, {scene.x}, {}, /*retain_graph=*/true);
  const auto second = torch::autograd::grad({out}, {scene.x});
  REQUIRE(torch::equal(first[0], second[0]));
  REQUIRE_THROWS(torch::autograd::grad({out}, {scene.x}));
}

}  // namespace nas
