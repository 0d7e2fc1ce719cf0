#include "nas/supernet/one_shot_evaluator.hpp"

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/search/sampling.hpp"
#include "nas/supernet/shared_score.hpp"
#include "nas/supernet/shared_weights.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/crashing_monitor.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using test::Crash;
using test::CrashingMonitor;

struct Scene {
  std::unique_ptr<Space> space = test::small_space();
  DataConfig data = test::some_digits(400);
  ExecutionConfig execution;
  OneShotConfig config;
  Scratch scratch;

  Scene() {
    execution.device = "cpu";
    execution.checkpoint.steps = 4;
    config.training.epochs = 4;
    config.training.batch_size = 16;
    config.training.learning_rate = 0.05;
    config.recalibration_batches = 4;
  }
  std::unique_ptr<Evaluator> make() const {
    return make_one_shot_evaluator(config, {*space, data, execution, [](const std::string&) {}});
  }
  std::filesystem::path folder(int64_t number) const {
    return scratch.path() / trial_folder_name(number);
  }
  Assignment supernet() const { return {0, Job::supernet, std::nullopt, 0, 7, folder(0)}; }
  Assignment candidate(int64_t number, const Point& point) const {
    return {number, Job::evaluate, point, 0, static_cast<uint64_t>(number), folder(number)};
  }
  Point point(uint64_t index) const {
    RandomStream random(1, "test", index);
    return sample(space->choices(), random);
  }
};

Score trained(const Scene& scene, Monitor& monitor) {
  const auto evaluator = scene.make();
  return std::get<Score>(evaluator->evaluate(scene.supernet(), monitor));
}

}  // namespace

TEST_CASE("one-shot evaluation trains a supernet once and scores points with its weights",
          "[shared]") {
  const Scene scene;
  CrashingMonitor monitor;
  const Score supernet = trained(scene, monitor);
  REQUIRE_FALSE(supernet.derived);
  REQUIRE(supernet.metrics.contains("supernet_train_loss"));
  REQUIRE_FALSE(supernet.metrics.contains("validation_accuracy"));

  const auto evaluator = scene.make();  // another worker
  double best = 0;
  for (int64_t number = 1; number < 9; ++number) {
    const Point point = scene.point(static_cast<uint64_t>(number));
    const auto score =
        std::get<Score>(evaluator->evaluate(scene.candidate(number, point), monitor));
    best = std::max(best, score.metrics.at("validation_accuracy"));
    // Equal points have equal scores, whatever their trial.
    const auto again =
        std::get<Score>(scene.make()->evaluate(scene.candidate(number + 50, point), monitor));
    REQUIRE(again.metrics == score.metrics);
  }
  REQUIRE(best > 30);  // 10 by chance
}

TEST_CASE("a supernet that was stopped is the same in the end", "[shared]") {
  const Scene undisturbed;
  const Scene stopped;
  CrashingMonitor monitor;
  CrashingMonitor crash(2);
  const Score expected = trained(undisturbed, monitor);
  REQUIRE_THROWS_AS(trained(stopped, crash), Crash);
  REQUIRE(trained(stopped, monitor).metrics == expected.metrics);
  for (const char* file : {"supernet.safetensors", "learning_curve.json"}) {
    REQUIRE(read_file(undisturbed.folder(0) / file) == read_file(stopped.folder(0) / file));
  }
}

TEST_CASE("a supernet with a budget stops after its epochs, and goes on from there", "[shared]") {
  const Scene at_once;
  const Scene in_parts;
  CrashingMonitor monitor;
  const Score expected = trained(at_once, monitor);
  Assignment part = in_parts.supernet();
  part.budget = 1;
  REQUIRE(std::holds_alternative<Score>(in_parts.make()->evaluate(part, monitor)));
  REQUIRE(Json::parse(read_file(in_parts.folder(0) / "learning_curve.json")).size() == 1);
  REQUIRE(trained(in_parts, monitor).metrics == expected.metrics);
  for (const char* file : {"supernet.safetensors", "learning_curve.json"}) {
    REQUIRE(read_file(at_once.folder(0) / file) == read_file(in_parts.folder(0) / file));
  }
}

TEST_CASE("a supernet that diverges and points without one are failures with a reason",
          "[shared]") {
  Scene scene;
  CrashingMonitor monitor;
  const Outcome lost = scene.make()->evaluate(scene.candidate(3, scene.point(0)), monitor);
  REQUIRE(std::get<Failure>(lost).kind == "error");
  REQUIRE_THAT(std::get<Failure>(lost).reason, ContainsSubstring("supernet.safetensors"));
  scene.config.training.learning_rate = 1e25;
  const Outcome diverged = scene.make()->evaluate(scene.supernet(), monitor);
  REQUIRE(std::get<Failure>(diverged).kind == "nan");
}

TEST_CASE("a score is that of the point's own network with statistics of training data",
          "[shared]") {
  const Scene scene;
  const TrainingData data = load_for_search(scene.data, torch::kCPU);
  SharedNetwork network(*scene.space->shared_network(), 3, torch::kCPU);
  TrainConfig config = scene.config.training;
  const Point point = scene.point(2);
  const Metrics raw = SharedScore({config, 0, 1}, *scene.space, data)(network, point);
  const Metrics settled = SharedScore({config, 5, 1}, *scene.space, data)(network, point);
  REQUIRE(raw.at("validation_loss") != settled.at("validation_loss"));
  const NamedTensors before = test::copied(network.state());
  SharedScore({config, 5, 1}, *scene.space, data)(network, point);
  REQUIRE(test::identical(before, network.state()));  // scoring leaves the shared ones alone

  const auto own = network.extract(*scene.space->subnetwork(point));
  own->eval();
  const torch::NoGradGuard no_grad;
  const torch::Tensor all = torch::arange(data.validation.size());
  const torch::Tensor logits =
      own->forward(normalized(data.validation, all, data.normalization)).front();
  const double loss = torch::cross_entropy_loss(logits, data.validation.labels).item<double>();
  REQUIRE(raw.at("validation_loss") == Approx(loss).epsilon(1e-5));
}

TEST_CASE("shared weights of another space are refused", "[shared]") {
  const Scratch scratch;
  const auto space = test::small_space();
  const SharedNetwork network(*space->shared_network(), 3, torch::kCPU);
  save_shared_weights(scratch.path(), *space, network);
  NasBench201Options wider;
  wider.channels = 6;
  wider.cells_per_stage = 1;
  SharedNetwork other(*make_nas_bench_201(wider, {{1, 8, 8}, 10})->shared_network(), 3,
                      torch::kCPU);
  REQUIRE_THROWS_AS(load_shared_weights(scratch.path(), other), InputError);
  SharedNetwork same(*space->shared_network(), 4, torch::kCPU);
  load_shared_weights(scratch.path(), same);
  REQUIRE(test::identical(same.state(), network.state()));
}

}  // namespace nas
