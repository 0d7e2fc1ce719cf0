#include "nas/kernels/branch_sum.hpp"

#include <ATen/Parallel.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "nas/kernels/sample_chunks.hpp"
#include "nas/torch/torch.hpp"
#include "tests/kernels/branch_scene.hpp"
#include "tests/kernels/layer_by_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {

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
  std::condition_variable arrived;
  std::set<std::thread::id> threads;
  SampleChunks(8).run([&](int64_t, int64_t) {
    std::unique_lock lock(mutex);
    threads.insert(std::this_thread::get_id());
    arrived.notify_all();
    arrived.wait_for(lock, std::chrono::seconds(10), [&] { return threads.size() == 2; });
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
  check_running_statistics(joined, torch::kCPU);
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
