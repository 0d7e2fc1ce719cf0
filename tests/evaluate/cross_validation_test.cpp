#include "nas/evaluate/cross_validation.hpp"

#include <cmath>

#include "nas/core/safetensors.hpp"
#include "nas/evaluate/retrain_evaluator.hpp"
#include "nas/evaluate/train_evaluator.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/mlp.hpp"
#include "tests/support/catch.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

struct Crash {};

class Listener final : public Monitor {
 public:
  explicit Listener(int64_t crash_at = -1, int64_t stop_at = -1)
      : crash_at_(crash_at), stop_at_(stop_at) {}
  Advice report(const Progress& progress) override {
    reports.push_back(progress.done);
    if (progress.done == crash_at_) throw Crash{};
    return progress.done == stop_at_ ? Advice::stop : Advice::go_on;
  }
  std::vector<int64_t> reports;

 private:
  int64_t crash_at_;
  int64_t stop_at_;
};

struct Scene {
  std::unique_ptr<Space> space = make_mlp({}, {{1, 8, 8}, 10});
  DataConfig data;
  ExecutionConfig execution;
  TrainConfig config;

  Scene() {
    execution.device = "cpu";
    config.epochs = 2;
    config.learning_rate = 0.01;
    config.decision.validation_folds = 3;
    data.limit = 300;
  }
  Outcome outcome_of(const test::ScratchFolder& folder, Monitor& monitor, Job job = Job::evaluate) {
    const EvaluatorContext context{*space, data, execution, [](const std::string&) {}};
    Assignment assignment;
    assignment.job = job;
    assignment.seed = 5;
    assignment.folder = folder.path();
    assignment.point = space->parse("16 relu");
    const auto evaluator = job == Job::evaluate ? make_train_evaluator(config, context)
                                                : make_retrain_evaluator(config, context);
    return evaluator->evaluate(assignment, monitor);
  }
};

Metrics metrics_of(const Outcome& outcome) {
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    FAIL(failure->kind << ": " << failure->reason);
  }
  return std::get<Score>(outcome).metrics;
}

}  // namespace

TEST_CASE("a cross-validated candidate is trained once for each part", "[folds]") {
  Scene scene;
  const test::ScratchFolder folder;
  Listener listener;
  const auto metrics = metrics_of(scene.outcome_of(folder, listener));
  REQUIRE(listener.reports == std::vector<int64_t>{1, 2, 3});
  REQUIRE(metrics.count("validation_accuracy") == 1);
  REQUIRE(metrics.count("parameters") == 1);
  REQUIRE(fs::is_empty(folder.path()));
}

TEST_CASE("a cross-validation that was killed does not do a part again", "[folds]") {
  Scene scene;
  const test::ScratchFolder undisturbed;
  const test::ScratchFolder killed;
  Listener listener;
  const auto reference = metrics_of(scene.outcome_of(undisturbed, listener));
  Listener crashing(2);
  REQUIRE_THROWS_AS(scene.outcome_of(killed, crashing), Crash);
  Listener last;
  REQUIRE(metrics_of(scene.outcome_of(killed, last)) == reference);
  REQUIRE(last.reports == std::vector<int64_t>{3});
}

TEST_CASE("a cross-validation that is told to stop gives what it has", "[folds]") {
  Scene scene;
  const test::ScratchFolder folder;
  Listener listener(-1, 1);
  REQUIRE(metrics_of(scene.outcome_of(folder, listener)).count("validation_loss") == 1);
  REQUIRE(listener.reports == std::vector<int64_t>{1});
}

TEST_CASE("predictions of a cross-validation are for every example once", "[folds]") {
  Scene scene;
  const test::ScratchFolder folder;
  const EvaluatorContext context{*scene.space, scene.data, scene.execution,
                                 [](const std::string&) {}};
  const auto parts = load_parts(scene.data, 3, torch::kCPU);
  Assignment assignment;
  assignment.folder = folder.path();
  assignment.point = scene.space->parse("16 relu");
  Listener listener;
  const auto result = cross_validate(
      {scene.config, context, parts.front(), torch::kCPU, [](Training&) { return Metrics(); }},
      parts, assignment, listener);
  const Decisions& decisions = std::get<HeldOut>(result).decisions;
  REQUIRE(decisions.classes == 10);
  REQUIRE(decisions.labels.size() == 300);
  REQUIRE(decisions.probabilities.size() == 3000);
  REQUIRE(decisions.probabilities[0] + decisions.probabilities[1] < 1);
}

TEST_CASE("a retraining fits its temperature without the test data", "[folds]") {
  Scene scene;
  scene.config.decision.validation_folds = GENERATE(0, 3);
  scene.config.decision.calibrate = true;
  const test::ScratchFolder folder;
  Listener listener;
  const auto metrics = metrics_of(scene.outcome_of(folder, listener, Job::retrain));
  REQUIRE(metrics.at("temperature") > 0.05);
  REQUIRE(metrics.count("test_accuracy") == 1);
  const Safetensors file = read_safetensors(folder.path() / "weights.safetensors");
  REQUIRE(std::stod(file.metadata.at("temperature").get<std::string>()) ==
          Approx(metrics.at("temperature")));
  REQUIRE_FALSE(file.metadata.contains("threshold"));
  REQUIRE_FALSE(fs::exists(folder.path() / "fold-0"));
}

TEST_CASE("a threshold of more than two classes is a failure", "[folds]") {
  Scene scene;
  scene.config.decision.threshold = ThresholdRule::specificity;
  const test::ScratchFolder folder;
  Listener listener;
  const Outcome outcome = scene.outcome_of(folder, listener, Job::retrain);
  REQUIRE(std::holds_alternative<Failure>(outcome));
  REQUIRE_THAT(std::get<Failure>(outcome).reason, ContainsSubstring("two classes"));
}

}  // namespace nas
