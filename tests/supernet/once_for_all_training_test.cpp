#include "nas/supernet/once_for_all_training.hpp"

#include "nas/core/error.hpp"
#include "nas/train/distillation.hpp"
#include "search_spaces/nats_size.hpp"
#include "tests/supernet/elastic_space.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

OnceForAllOptions small_options() {
  OnceForAllOptions options;
  options.largest = {1, 0, 0.05, 0, {}};
  options.phases = {{1, 0, 0.02, 1, {{"*kernel", 0}}},
                    {1, 0, 0.02, 1, {{"*depth", 0}}},
                    {1, 0, 0.02, 2, {{"*expansion", 0}}}};
  options.batch_size = 64;
  return options;
}

struct Scene {
  std::unique_ptr<Space> space = test::elastic_space();
  TrainingData data;
  OnceForAllOptions options = small_options();

  explicit Scene(int64_t limit) : data(load_for_search(test::some_digits(limit), torch::kCPU)) {}
  OnceForAllTraining training(uint64_t seed) const {
    return {{options, seed, torch::kCPU}, *space, data};
  }
};

/// Steps until `stop`, with the epochs' ends in between.
void advance(OnceForAllTraining& training, int64_t stop) {
  while (training.steps_done() < stop && !training.done()) {
    training.step();
    if (training.at_epoch_end()) training.finish_epoch();
  }
}

Point point_of(const Space& space, const char* text) { return space.parse(text); }

}  // namespace

TEST_CASE("the loss of distillation is the divergence plus the teacher's entropy",
          "[once_for_all]") {
  torch::manual_seed(4);
  const torch::Tensor logits = torch::randn({5, 7}).requires_grad_();
  const torch::Tensor teacher = torch::softmax(torch::randn({5, 7}), 1);
  const torch::Tensor divergence =
      torch::kl_div(torch::log_softmax(logits, 1), teacher, at::Reduction::Sum) / 5;
  const torch::Tensor entropy = -(teacher * teacher.log()).sum(1).mean();
  const torch::Tensor loss = soft_cross_entropy(logits, teacher);
  REQUIRE(torch::allclose(loss, divergence + entropy, 1e-5, 1e-6));
  loss.backward();
  const torch::Tensor expected = (torch::softmax(logits, 1) - teacher) / 5;
  REQUIRE(torch::allclose(logits.grad(), expected, 1e-5, 1e-6));
  const torch::Tensor labels = torch::tensor({1, 0, 6, 3, 3});
  REQUIRE(torch::allclose(soft_cross_entropy(logits, torch::one_hot(labels, 7).to(torch::kFloat)),
                          torch::cross_entropy_loss(logits, labels), 1e-5, 1e-6));
}

TEST_CASE("a sub-network taken out at three sizes gives exactly what it gave inside",
          "[once_for_all]") {
  const Scene scene(300);
  auto training = scene.training(3);
  advance(training, 1000);
  torch::manual_seed(6);
  const torch::Tensor x = torch::randn({32, 1, 8, 8});
  for (const char* text : {"k7e3,k7e3:k7e3,k7e3", "k5e1.5,k3e3:k7e1.5", "k3e1.5:k3e1.5"}) {
    INFO(text);
    const NetworkPlan plan = *scene.space->network(point_of(*scene.space, text));
    const auto alone = training.network().extract(plan);
    alone->eval();
    const torch::Tensor inside = training.network().subnetwork(plan).forward(x, Pass());
    REQUIRE(alone->forward(x).front().equal(inside));
    const auto reloaded = build_network(plan, 99, torch::kCPU);
    load_state(*reloaded, state_of(*alone));
    reloaded->eval();
    REQUIRE(reloaded->forward(x).front().equal(inside));
  }
}

TEST_CASE("widths of the size space shrink, with projections that the widest does without",
          "[once_for_all]") {
  Scene scene(200);
  NatsSizeOptions widths;
  widths.channels = 24;
  scene.space = make_nats_size(widths, {{1, 8, 8}, 10});
  scene.options.phases = {{1, 0, 0.02, 2, {{"stage_*", 0}, {"reduction_*", 0}}}};
  auto training = scene.training(3);
  advance(training, 1000);
  REQUIRE(training.done());
  REQUIRE(training.finite());
  torch::manual_seed(6);
  const torch::Tensor x = torch::randn({8, 1, 8, 8});
  for (const char* text : {"24:24:24:24:24", "24:16:8:24:16", "8:8:8:8:8"}) {
    INFO(text);
    const NetworkPlan plan = *scene.space->network(point_of(*scene.space, text));
    const auto alone = training.network().extract(plan);
    alone->eval();
    REQUIRE(
        alone->forward(x).front().equal(training.network().subnetwork(plan).forward(x, Pass())));
  }
}

TEST_CASE("shrinking resumes bit for bit, within a phase and between phases", "[once_for_all]") {
  const Scene scene(200);
  auto whole = scene.training(3);
  advance(whole, 1000);
  REQUIRE(whole.done());
  REQUIRE(whole.finite());
  const int64_t a_phase = whole.steps_done() / 4;
  REQUIRE(a_phase >= 2);
  for (const int64_t stop : {int64_t{1}, a_phase, a_phase + 1, 3 * a_phase, 4 * a_phase - 1}) {
    INFO("stopped at " << stop);
    auto first = scene.training(3);
    advance(first, stop);
    Checkpoint saved = first.checkpoint();
    saved.tensors = test::copied(saved.tensors);
    auto second = scene.training(3);
    second.restore(saved);
    advance(second, 1000);
    REQUIRE(test::identical(second.checkpoint().tensors, whole.checkpoint().tensors));
    REQUIRE(second.history() == whole.history());
  }
  auto other = scene.training(4);
  REQUIRE_THROWS_AS(other.restore(whole.checkpoint()), InputError);
}

TEST_CASE("each part of a checkpoint is needed", "[once_for_all]") {
  const Scene scene(200);
  auto first = scene.training(3);
  advance(first, 9);
  for (const char* part : {"network.", "teacher.", "decayed.", "undecayed.", "loss"}) {
    Checkpoint saved = first.checkpoint();
    std::erase_if(saved.tensors, [&](const auto& entry) { return entry.first.starts_with(part); });
    INFO(part);
    auto second = scene.training(3);
    REQUIRE_THROWS_AS(second.restore(saved), InputError);
  }
}

TEST_CASE("matrices of kernels and small networks learn once their phase has come",
          "[once_for_all]") {
  const Scene scene(200);
  auto training = scene.training(3);
  const auto change = [&] {
    double sum = 0;
    for (const auto& [name, tensor] : training.network().state()) {
      if (name.find(".kernel_") == name.npos) continue;
      sum += (tensor - torch::eye(tensor.size(0))).abs().sum().item<double>();
    }
    return sum;
  };
  const int64_t a_phase = 200 / 64;
  advance(training, a_phase);
  REQUIRE(change() == 0);
  advance(training, a_phase + 1);
  REQUIRE(change() > 0);
}

TEST_CASE("shrinking on digits teaches the smallest network, too", "[once_for_all]") {
  Scene scene(800);
  scene.options.batch_size = 16;
  scene.options.largest.epochs = 3;
  for (auto& phase : scene.options.phases) phase.epochs = 2;
  auto training = scene.training(3);
  advance(training, 100'000);
  const Metrics metrics = training.metrics();
  INFO(metrics.at("supernet_largest_accuracy") << " " << metrics.at("supernet_smallest_accuracy"));
  REQUIRE(metrics.at("supernet_largest_accuracy") > 80);
  REQUIRE(metrics.at("supernet_smallest_accuracy") > 60);
  REQUIRE(metrics.at("supernet_phase") == 3);
  REQUIRE(training.history().size() == 9);
}

TEST_CASE("a space without a network that holds all others is refused", "[once_for_all]") {
  const Scene scene(200);
  const auto cells = test::small_space();
  OnceForAllOptions options = small_options();
  options.phases = {{1, 0, 0.02, 1, {{"*", 0}}}};
  REQUIRE_THROWS_AS(OnceForAllTraining({options, 1, torch::kCPU}, *cells, scene.data), UsageError);
}

}  // namespace nas
