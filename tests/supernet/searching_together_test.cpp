#include <algorithm>
#include <functional>

#include "nas/core/error.hpp"
#include "nas/supernet/darts_search.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/processes.hpp"
#include "tests/torch/with_kernels.hpp"

namespace nas {
namespace {

constexpr int64_t kSteps = 20;

/// Twenty steps in four epochs, each with a last batch that is smaller than the others.
struct Scene {
  // What shares statistics goes layer by layer. Other kernels round otherwise, and where a value
  // lies within rounding of a ReLU's kink, its gradient is all or nothing.
  test::WithKernels kernels{KernelChoice::reference};
  std::unique_ptr<Space> space = test::small_space();
  TrainingData data = load_for_search(test::some_digits(170), torch::kCPU);
  DartsSetting setting;

  Scene() {
    setting.options.epochs = 4;
    setting.options.batch_size = 15;
    setting.options.learning_rate = 0.02;
    setting.options.architecture_learning_rate = 0.01;
    setting.options.augment.crop_padding = 1;
    setting.options.guard.iterations = 0;
    setting.seed = 7;
  }
};

void advance(DartsSearch& search, int64_t until) {
  while (search.steps_done() < until && !search.done()) {
    search.step();
    if (search.at_epoch_end()) search.finish_epoch();
  }
}

Checkpoint detached(const Checkpoint& checkpoint) {
  return {test::copied(checkpoint.tensors), checkpoint.state};
}

/// The state of one process after some steps, from a checkpoint on where there is one.
Checkpoint alone(const Scene& scene, int64_t steps, const Checkpoint* from = nullptr) {
  DartsSearch search(scene.setting, *scene.space, scene.data);
  if (from != nullptr) search.restore(*from);
  advance(search, steps);
  return detached(search.checkpoint());
}

/// Those of several that search together.
std::vector<Checkpoint> together(const Scene& scene, int64_t processes, int64_t steps,
                                 NormStatistics statistics = NormStatistics::batch) {
  std::vector<Checkpoint> found(static_cast<size_t>(processes));
  test::with_processes(processes, [&](ProcessGroup& group) {
    DartsSetting setting = scene.setting;
    setting.together = TogetherSetting{&group, statistics};
    DartsSearch search(setting, *scene.space, scene.data);
    advance(search, steps);
    found[static_cast<size_t>(group.rank())] = detached(search.checkpoint());
  });
  return found;
}

/// The largest difference of any weight, running statistic or alpha.
double apart(const Checkpoint& a, const Checkpoint& b) {
  REQUIRE(a.tensors.size() == b.tensors.size());
  double most = 0;
  for (size_t i = 0; i < a.tensors.size(); ++i) {
    const auto& [name, tensor] = a.tensors[i];
    if (!name.starts_with("network.") && !name.starts_with("alphas.")) continue;
    REQUIRE(name == b.tensors[i].first);
    const torch::Tensor other = b.tensors[i].second;
    most = std::max(most, (tensor - other).abs().max().item<double>());
  }
  return most;
}

void check_together(const Scene& scene, int64_t processes, double tolerance) {
  const auto all = together(scene, processes, kSteps);
  CHECK(apart(alone(scene, kSteps), all.front()) < tolerance);
  CHECK(test::identical(all.front().tensors, all.back().tensors));
}

}  // namespace

TEST_CASE("two or three processes that search together find what one does",
          "[supernet][together]") {
  check_together(Scene(), 2, 1e-5);
  check_together(Scene(), 3, 1e-5);
}

TEST_CASE("so they do by the second order", "[supernet][together]") {
  Scene scene;
  scene.setting.options.order = 2;
  check_together(scene, 2, 1e-4);
}

TEST_CASE("so they do on partial channels with weights of edges", "[supernet][together]") {
  Scene scene;
  scene.setting.options.partial_channels = 2;
  scene.setting.options.edge_normalization = true;
  check_together(scene, 2, 1e-4);
}

TEST_CASE("so they do where one option an edge is drawn", "[supernet][together]") {
  Scene scene;
  scene.setting.options.mixture = MixtureKind::gumbel_hard;
  check_together(scene, 2, 1e-5);
}

TEST_CASE("with statistics of each process' own part they do not", "[supernet][together]") {
  const Scene scene;
  const auto own = together(scene, 2, kSteps, NormStatistics::process);
  CHECK(apart(alone(scene, kSteps), own.front()) > 1e-3);
}

TEST_CASE("a search of two processes goes on with one", "[supernet][together]") {
  const Scene scene;
  const auto both = together(scene, 2, 8);
  CHECK(apart(alone(scene, kSteps), alone(scene, kSteps, &both.front())) < 1e-5);
}

TEST_CASE("a batch that has no example for one of the processes is refused",
          "[supernet][together]") {
  Scene scene;
  scene.setting.options.batch_size = 66;  // of 68 examples
  std::vector<char> refused(3, 0);
  test::with_processes(3, [&](ProcessGroup& group) {
    DartsSetting setting = scene.setting;
    setting.together = TogetherSetting{&group, NormStatistics::batch};
    try {
      DartsSearch(setting, *scene.space, scene.data);
    } catch (const InputError&) {
      refused[static_cast<size_t>(group.rank())] = 1;
    }
  });
  CHECK(refused == std::vector<char>(3, 1));
}

}  // namespace nas
