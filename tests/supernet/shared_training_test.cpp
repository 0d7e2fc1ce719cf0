#include "nas/supernet/shared_training.hpp"

#include <algorithm>
#include <stdexcept>

#include "nas/core/error.hpp"
#include "nas/search/sampling.hpp"
#include "nas/supernet/one_shot_training.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TrainConfig config() {
  TrainConfig config;
  config.epochs = 3;
  config.batch_size = 16;
  config.learning_rate = 0.05;
  return config;
}

Batch digits(int64_t seed) {
  torch::manual_seed(static_cast<uint64_t>(seed));
  return {torch::randn({8, 1, 8, 8}), torch::randint(0, 10, {8})};
}

std::vector<Point> points(const Space& space, size_t count) {
  std::vector<Point> list;
  for (uint64_t i = 0; i < count; ++i) {
    RandomStream random(4, "test", i);
    list.push_back(sample(space.choices(), random));
  }
  return list;
}

torch::Tensor named(const NamedTensors& tensors, const std::string& name) {
  for (const auto& [known, tensor] : tensors) {
    if (known == name) return tensor;
  }
  throw std::logic_error("no tensor " + name);
}

}  // namespace

TEST_CASE("a step of shared weights is the step that the point's own network would make",
          "[shared]") {
  const auto space = test::small_space();
  SharedTraining training({config(), 2, torch::kCPU, 10}, *space);
  const auto list = points(*space, 1);
  const auto alone = training.network().extract(*space->subnetwork(list[0]));
  const NamedTensors before = test::copied(training.network().state());
  const Batch batch = digits(1);

  Optimizer optimizer(alone->parameters(), config().optimizer);
  alone->train();
  torch::cross_entropy_loss(alone->forward(batch.images).front(), batch.labels).backward();
  optimizer.step(learning_rate_at(config(), 0, 10));
  training.step(list, batch);

  const NamedTensors own = state_of(*alone);
  size_t moved = 0;
  for (const auto& [name, tensor] : training.network().state()) {
    const bool of_path = std::any_of(
        own.begin(), own.end(), [&, &name = name](const auto& item) { return item.first == name; });
    INFO(name);
    REQUIRE(tensor.equal(of_path ? named(own, name) : named(before, name)));
    moved += tensor.equal(named(before, name)) ? 0 : 1;
  }
  REQUIRE(moved > 5);
}

TEST_CASE("several points make one update with the sum of their gradients", "[shared]") {
  const auto space = test::small_space();
  TrainConfig plain = config();
  plain.optimizer.momentum = 0;
  plain.optimizer.nesterov = false;
  plain.optimizer.weight_decay = 0;
  plain.schedule = ScheduleKind::constant;
  const auto list = points(*space, 3);
  const Batch batch = digits(1);
  const auto change = [&](std::span<const Point> some) {
    SharedTraining training({plain, 2, torch::kCPU, 10}, *space);
    const NamedTensors before = test::copied(training.network().state());
    training.step(some, batch);
    return named(training.network().state(), "classifier.weight") -
           named(before, "classifier.weight");
  };
  const torch::Tensor sum = change({&list[0], 1}) + change({&list[1], 1}) + change({&list[2], 1});
  const torch::Tensor together = change(list);
  const torch::NoGradGuard no_grad;
  REQUIRE(torch::allclose(together, sum, 1e-4, 1e-6));
  REQUIRE(sum.abs().max().item<double>() > 1e-3);
}

TEST_CASE("a one-shot training goes on bit for bit from any checkpoint", "[shared]") {
  const auto space = test::small_space();
  const TrainingData data = load_for_search(test::some_digits(120), torch::kCPU);
  OneShotSetting setting;
  setting.config.training = config();
  setting.config.training.augment.crop_padding = 1;
  setting.config.sampling = GENERATE(PathSampling::uniform, PathSampling::fair);
  setting.seed = 9;
  OneShotTraining undisturbed(setting, *space, data);
  OneShotTraining first(setting, *space, data);
  const auto run = [](OneShotTraining& training, int64_t until) {
    while (training.steps_done() < until) {
      training.step();
      if (training.at_epoch_end()) training.finish_epoch();
    }
  };
  const int64_t all = undisturbed.steps_per_epoch() * 3;
  run(undisturbed, all);
  REQUIRE(undisturbed.done());
  REQUIRE(undisturbed.finite());
  run(first, 8);
  Checkpoint saved = first.checkpoint();
  saved.tensors = test::copied(saved.tensors);
  OneShotTraining second(setting, *space, data);
  second.restore(saved);
  run(second, all);
  REQUIRE(test::identical(undisturbed.network().state(), second.network().state()));
  REQUIRE(undisturbed.history() == second.history());
  REQUIRE(undisturbed.history().size() == 3);
  REQUIRE(undisturbed.metrics().at("supernet_train_loss") <
          undisturbed.history()[0]["supernet_train_loss"].get<double>());

  // Each part that is left out is noticed.
  for (const char* part : {"optimizer.", "network.", "sums"}) {
    Checkpoint damaged = saved;
    std::erase_if(damaged.tensors, [&](const auto& item) { return item.first.starts_with(part); });
    REQUIRE_THROWS_AS(second.restore(damaged), InputError);
  }
  for (const char* key : {"step", "history", "seed", "epochs"}) {
    Checkpoint damaged = saved;
    damaged.state.erase(key);
    REQUIRE_THROWS_AS(second.restore(damaged), InputError);
  }
}

TEST_CASE("weights that overflow are noticed", "[shared]") {
  const auto space = test::small_space();
  TrainConfig wild = config();
  wild.learning_rate = 1e25;
  SharedTraining training({wild, 2, torch::kCPU, 10}, *space);
  REQUIRE(training.finite());
  const auto list = points(*space, 1);
  for (int64_t i = 0; i < 6; ++i) training.step(list, digits(i));
  REQUIRE_FALSE(training.finite());
}

}  // namespace nas
