#include "nas/supernet/once_for_all_evaluator.hpp"

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/supernet/one_shot_evaluator.hpp"
#include "nas/supernet/shared_score.hpp"
#include "nas/supernet/shared_weights.hpp"
#include "tests/supernet/elastic_space.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/crashing_monitor.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using test::Crash;
using test::CrashingMonitor;

struct Scene {
  std::unique_ptr<Space> space = test::elastic_space();
  DataConfig data = test::some_digits(300);
  ExecutionConfig execution;
  OnceForAllOptions options;
  Scratch scratch;

  Scene() {
    execution.device = "cpu";
    execution.checkpoint.steps = 3;
    options.largest = {2, 0, 0.05, 0, {}};
    options.phases = {{2, 0, 0.02, 1, {{"*kernel", 0}, {"*depth", 0}}},
                      {1, 0, 0.02, 1, {{"*expansion", 0}}}};
    options.batch_size = 32;
  }
  EvaluatorContext context() const {
    return {*space, data, execution, [](const std::string&) {}};
  }
  std::filesystem::path folder(int64_t number) const {
    return scratch.path() / trial_folder_name(number);
  }
  Outcome train(Monitor& monitor) const {
    const Assignment job{0, Job::supernet, std::nullopt, 0, 7, folder(0)};
    return make_once_for_all_evaluator(options, context())->evaluate(job, monitor);
  }
};

}  // namespace

TEST_CASE("shrinking that is stopped at every phase is the same in the end", "[once_for_all]") {
  const Scene undisturbed;
  const Scene stopped;
  CrashingMonitor monitor;
  const Score expected = std::get<Score>(undisturbed.train(monitor));
  REQUIRE_FALSE(expected.derived);
  for (const int64_t epoch : {1, 2, 4}) {
    CrashingMonitor crash(epoch);
    REQUIRE_THROWS_AS(stopped.train(crash), Crash);
  }
  REQUIRE(std::get<Score>(stopped.train(monitor)).metrics == expected.metrics);
  for (const char* file : {"supernet.safetensors", "learning_curve.json"}) {
    REQUIRE(read_file(undisturbed.folder(0) / file) == read_file(stopped.folder(0) / file));
  }
}

TEST_CASE("one-shot evaluation scores sub-networks with the weights that shrinking left",
          "[once_for_all]") {
  const Scene scene;
  CrashingMonitor monitor;
  const Score trained = std::get<Score>(scene.train(monitor));
  OneShotConfig config;
  config.training.batch_size = scene.options.batch_size;
  const auto scorer = make_one_shot_evaluator(config, scene.context());
  const TrainingData data = load_for_search(scene.data, torch::kCPU);
  SharedNetwork network(*scene.space->shared_network(), 0, torch::kCPU);
  load_shared_weights(scene.folder(0), network);
  const SharedScore score(
      {config.training, config.recalibration_batches, static_cast<uint64_t>(scene.data.split_seed)},
      *scene.space, data);
  for (const char* text : {"k7e3,k7e3:k7e3,k7e3", "k3e1.5:k5e1.5,k3e3"}) {
    const Point point = scene.space->parse(text);
    const Outcome outcome =
        scorer->evaluate({1, Job::evaluate, point, 0, 1, scene.folder(1)}, monitor);
    REQUIRE(std::get<Score>(outcome).metrics == score(network, point));
  }
}

TEST_CASE("shrinking that diverges is a failure", "[once_for_all]") {
  Scene scene;
  CrashingMonitor monitor;
  scene.options.largest.learning_rate = 1e20;
  REQUIRE(std::get<Failure>(scene.train(monitor)).kind == "nan");
}

}  // namespace nas
