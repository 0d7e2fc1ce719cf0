#include "nas/evaluate/train_evaluator.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdlib>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/core/stop.hpp"
#include "nas/evaluate/retrain_evaluator.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/checkpoint.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCell =
    "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|nor_conv_3x3~2|";

struct Crash {};

class Listener final : public Monitor {
 public:
  explicit Listener(int64_t crash_at = -1, int64_t stop_at = -1)
      : crash_at_(crash_at), stop_at_(stop_at) {}
  Advice report(const Progress& progress) override {
    ++reports;
    if (progress.done == crash_at_) throw Crash{};
    return progress.done == stop_at_ ? Advice::stop : Advice::go_on;
  }
  void recall(const LearningCurve& earlier) override { recalled = earlier; }
  int64_t reports = 0;
  LearningCurve recalled;

 private:
  int64_t crash_at_;
  int64_t stop_at_;
};

/// A space with one network, whatever the point.
class OneNetwork final : public Space {
 public:
  explicit OneNetwork(NetworkPlan plan) : plan_(std::move(plan)) {}
  std::string_view name() const override { return "one"; }
  const Choices& choices() const override { return choices_; }
  std::string text(const Point&) const override { return "one"; }
  Point parse(std::string_view) const override { return {}; }
  TaskShape task() const override { return {{1, 8, 8}, 10}; }
  std::optional<NetworkPlan> network(const Point&) const override { return plan_; }

 private:
  Choices choices_;
  NetworkPlan plan_;
};

/// One network, and how it is trained: a learning rate and a batch size.
class TunedNetwork final : public Space {
 public:
  explicit TunedNetwork(NetworkPlan plan) : plan_(std::move(plan)) {}
  std::string_view name() const override { return "tuned"; }
  const Choices& choices() const override { return choices_; }
  std::string text(const Point& point) const override { return to_json(choices_, point).dump(); }
  Point parse(std::string_view) const override { return {{0.1, int64_t{50}}}; }
  TaskShape task() const override { return {{1, 8, 8}, 10}; }
  std::optional<NetworkPlan> network(const Point&) const override { return plan_; }
  Settings settings(const Point& point) const override {
    return {{"learning_rate", std::to_string(std::get<double>(point.values[0]))},
            {"batch_size", std::to_string(std::get<int64_t>(point.values[1]))}};
  }

 private:
  Choices choices_{{"learning_rate", RealInterval{0, 1}, std::nullopt},
                   {"batch_size", IntegerInterval{1, 100}, std::nullopt}};
  NetworkPlan plan_;
};

struct Scene {
  std::unique_ptr<Space> space = make_nas_bench_201({8, 1, true, {}}, {{1, 8, 8}, 10});
  DataConfig data;
  ExecutionConfig execution;
  TrainConfig config;

  Scene() {
    execution.device = "cpu";
    execution.checkpoint = {3, 0};
    config.epochs = 3;
    data.limit = 250;
  }
  EvaluatorContext context() const {
    return {*space, data, execution, [](const std::string&) {}};
  }
};

Assignment assignment(const Scene& scene, const test::ScratchFolder& folder,
                      Job job = Job::evaluate) {
  Assignment made;
  made.job = job;
  made.seed = 5;
  made.folder = folder.path();
  made.point = scene.space->parse(scene.space->name() == "one" ? "" : kCell);
  return made;
}

Metrics metrics_of(const Outcome& outcome) {
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    FAIL(failure->kind << ": " << failure->reason);
  }
  return std::get<Score>(outcome).metrics;
}

Failure failure_of(const Scene& scene, const test::ScratchFolder& folder) {
  Listener listener;
  const auto evaluator = make_train_evaluator(scene.config, scene.context());
  const Outcome outcome = evaluator->evaluate(assignment(scene, folder), listener);
  REQUIRE(std::holds_alternative<Failure>(outcome));
  return std::get<Failure>(outcome);
}

std::string weights_hash(const test::ScratchFolder& folder) {
  return sha256_of_file(folder.path() / "weights.safetensors");
}

/// The numbers of all weights that gradients change.
std::vector<float> learnt_by(const test::ScratchFolder& folder) {
  std::vector<float> numbers;
  for (const auto& [name, tensor] : load_safetensors(folder.path() / "weights.safetensors")) {
    if (!name.ends_with("weight")) continue;
    const auto flat = tensor.contiguous().flatten();
    numbers.insert(numbers.end(), flat.const_data_ptr<float>(),
                   flat.const_data_ptr<float>() + flat.numel());
  }
  REQUIRE(numbers.size() > 1000);
  return numbers;
}

bool has_checkpoint(const test::ScratchFolder& folder) {
  return load_checkpoint(folder.path(), [](const std::string&) {}).has_value();
}

}  // namespace

TEST_CASE("a small network learns the digits", "[evaluate]") {
  Scene scene;
  scene.data.limit = 0;
  scene.config.epochs = 6;
  scene.config.learning_rate = 0.1;
  const test::ScratchFolder folder;
  Listener listener;
  const auto metrics = metrics_of(make_train_evaluator(scene.config, scene.context())
                                      ->evaluate(assignment(scene, folder), listener));
  REQUIRE(metrics.at("validation_accuracy") > 95);
  REQUIRE(metrics.at("validation_loss") < 0.3);
  REQUIRE(metrics.at("train_accuracy") > 90);
  REQUIRE(metrics.at("parameters") > 1000);
  REQUIRE(metrics.at("multiply_adds") > metrics.at("parameters"));
  REQUIRE(metrics.count("test_accuracy") == 0);
  REQUIRE(listener.reports == 6);
  REQUIRE_FALSE(has_checkpoint(folder));
}

TEST_CASE("trained weights say what they are of", "[evaluate]") {
  const Scene scene;
  const test::ScratchFolder folder;
  Listener listener;
  const auto evaluator = make_train_evaluator(scene.config, scene.context());
  metrics_of(evaluator->evaluate(assignment(scene, folder), listener));
  const auto file = read_safetensors(folder.path() / "weights.safetensors");
  REQUIRE(file.verified);
  REQUIRE(file.metadata["arch"] == kCell);
  REQUIRE(file.metadata["space"] == "nas_bench_201");
  REQUIRE(file.metadata["input"] == "1x8x8");
  REQUIRE(Json::parse(file.metadata["classes"].get<std::string>()).size() == 10);
  REQUIRE(Json::parse(file.metadata["mean"].get<std::string>()).size() == 1);
  auto network = build_network(*scene.space->network(scene.space->parse(kCell)), 0, torch::kCPU);
  load_state(*network, load_safetensors(folder.path() / "weights.safetensors"));
  const Json curve = Json::parse(read_file(folder.path() / "learning_curve.json"));
  REQUIRE(curve.size() == 3);
}

TEST_CASE("a budget says how many epochs", "[evaluate]") {
  const Scene scene;
  const test::ScratchFolder folder;
  Listener listener;
  Assignment work = assignment(scene, folder);
  work.budget = 2;
  metrics_of(make_train_evaluator(scene.config, scene.context())->evaluate(work, listener));
  REQUIRE(listener.reports == 2);
}

TEST_CASE("a training promoted to more epochs ends like one that had them at once", "[evaluate]") {
  Scene scene;
  scene.config.epochs = 4;
  scene.config.ema_decay = GENERATE(0.0, 0.9);
  const auto evaluator = make_train_evaluator(scene.config, scene.context());
  const test::ScratchFolder promoted;
  const test::ScratchFolder at_once;
  Assignment work = assignment(scene, promoted);
  Metrics metrics;
  for (const double budget : {1.0, 2.5, 4.0}) {
    work.budget = budget;
    Listener listener;
    metrics = metrics_of(evaluator->evaluate(work, listener));
    REQUIRE(has_checkpoint(promoted) == (budget < 4));
    REQUIRE(listener.reports <= 2);
    REQUIRE(listener.reports + static_cast<int64_t>(listener.recalled.size()) ==
            std::lround(std::ceil(budget)));
  }
  work = assignment(scene, at_once);
  work.budget = 4;
  Listener listener;
  REQUIRE(metrics_of(evaluator->evaluate(work, listener)) == metrics);
  REQUIRE(weights_hash(at_once) == weights_hash(promoted));
  REQUIRE(read_file(at_once.path() / "learning_curve.json") ==
          read_file(promoted.path() / "learning_curve.json"));
}

TEST_CASE("a training goes on from the state of another configuration's, where that is its origin",
          "[evaluate]") {
  Scene scene;
  const auto plan = scene.space->network(scene.space->parse(kCell));
  scene.space = std::make_unique<TunedNetwork>(*plan);
  const auto evaluator = make_train_evaluator(scene.config, scene.context());
  const test::ScratchFolder folder;
  Assignment work = assignment(scene, folder);
  const Point first = *work.point;
  work.budget = 1;
  Listener listener;
  metrics_of(evaluator->evaluate(work, listener));
  const auto learnt = learnt_by(folder);
  work.budget = 2;
  work.point = Point{{0.0, int64_t{40}}};
  REQUIRE_THROWS_AS(evaluator->evaluate(work, listener), UsageError);
  work.origin = Origin{0, Point{{0.5, int64_t{50}}}};  // not the one whose state it is
  REQUIRE_THROWS_AS(evaluator->evaluate(work, listener), UsageError);
  work.origin = Origin{0, first};
  Listener later;
  metrics_of(evaluator->evaluate(work, later));
  REQUIRE(later.reports == 1);
  REQUIRE(later.recalled.size() == 1);
  // At a rate of 0 the weights stay, here those that a rate of 0.1 led to.
  REQUIRE(learnt_by(folder) == learnt);
  const test::ScratchFolder untrained;
  work.folder = untrained.path();
  work.origin = std::nullopt;
  Listener other;
  metrics_of(evaluator->evaluate(work, other));
  REQUIRE_FALSE(learnt_by(untrained) == learnt);
}

TEST_CASE("a training that is told to stop gives what it has reached and keeps no state",
          "[evaluate]") {
  const Scene scene;
  const test::ScratchFolder folder;
  Listener listener(-1, 2);
  const auto evaluator = make_train_evaluator(scene.config, scene.context());
  const Metrics metrics = metrics_of(evaluator->evaluate(assignment(scene, folder), listener));
  REQUIRE(listener.reports == 2);
  REQUIRE(metrics.count("validation_accuracy") == 1);
  REQUIRE(metrics.count("parameters") == 1);
  REQUIRE_FALSE(has_checkpoint(folder));
}

TEST_CASE("an evaluation that was killed goes on to the same metrics and weights", "[evaluate]") {
  const Job job = GENERATE(Job::evaluate, Job::retrain);
  const Scene scene;
  const auto evaluator = [&] {
    return job == Job::evaluate ? make_train_evaluator(scene.config, scene.context())
                                : make_retrain_evaluator(scene.config, scene.context());
  };
  const test::ScratchFolder undisturbed;
  const test::ScratchFolder killed;
  Listener listener;
  const auto reference =
      metrics_of(evaluator()->evaluate(assignment(scene, undisturbed, job), listener));
  for (const int64_t epoch : {2, 3}) {
    Listener crashing(epoch);
    REQUIRE_THROWS_AS(evaluator()->evaluate(assignment(scene, killed, job), crashing), Crash);
    REQUIRE(has_checkpoint(killed));
  }
  Listener last;
  REQUIRE(metrics_of(evaluator()->evaluate(assignment(scene, killed, job), last)) == reference);
  REQUIRE(last.reports < 3);
  REQUIRE(weights_hash(killed) == weights_hash(undisturbed));
}

TEST_CASE("retraining uses all but the test examples and tests at its end", "[evaluate]") {
  const Scene scene;
  const test::ScratchFolder folder;
  Listener listener;
  const auto metrics =
      metrics_of(make_retrain_evaluator(scene.config, scene.context())
                     ->evaluate(assignment(scene, folder, Job::retrain), listener));
  REQUIRE(metrics.at("test_accuracy") > 20);
  REQUIRE(metrics.at("test_loss") > 0);
  REQUIRE(metrics.count("validation_accuracy") == 0);
  REQUIRE(metrics.count("train_loss") == 1);
  REQUIRE(fs::exists(folder.path() / "weights.safetensors"));
}

TEST_CASE("a training that diverges is a failure and saves nothing that is not finite",
          "[evaluate]") {
  Scene scene;
  scene.execution.checkpoint = {1, 0};
  scene.config.learning_rate = 1e30;
  const test::ScratchFolder folder;
  REQUIRE(failure_of(scene, folder).kind == "nan");
  REQUIRE_FALSE(fs::exists(folder.path() / "weights.safetensors"));
  const auto left = load_checkpoint(folder.path(), [](const std::string& text) { FAIL(text); });
  if (!left) return;
  for (const auto& [name, tensor] : left->tensors) {
    INFO(name);
    if (!name.starts_with("network.")) continue;
    REQUIRE(tensor.isfinite().all().item<bool>());
  }
}

TEST_CASE("a network that memory cannot hold is a failure", "[evaluate]") {
  Scene scene;
  PlanBuilder builder;
  const int64_t huge =
      builder.add(Linear{64, int64_t{1} << 42, false}, {PlanBuilder::kInput}, "huge");
  scene.space = std::make_unique<OneNetwork>(std::move(builder).finish({huge}));
  const test::ScratchFolder folder;
  const Failure failure = failure_of(scene, folder);
  INFO(failure.reason);
  REQUIRE(failure.kind == "oom");
  REQUIRE(failure.reason.find('\n') == std::string::npos);
}

TEST_CASE("a network whose layers do not fit is a failure", "[evaluate]") {
  Scene scene;
  PlanBuilder builder;
  const int64_t wrong = builder.add(Linear{65, 10, true}, {PlanBuilder::kInput}, "wrong");
  scene.space = std::make_unique<OneNetwork>(std::move(builder).finish({wrong}));
  const test::ScratchFolder folder;
  REQUIRE(failure_of(scene, folder).kind == "error");
}

TEST_CASE("a folder that holds another training's checkpoint is refused", "[evaluate]") {
  Scene scene;
  const test::ScratchFolder folder;
  Listener crashing(2);
  REQUIRE_THROWS_AS(make_train_evaluator(scene.config, scene.context())
                        ->evaluate(assignment(scene, folder), crashing),
                    Crash);
  scene.config.learning_rate = 0.05;
  Listener listener;
  REQUIRE_THROWS_AS(make_train_evaluator(scene.config, scene.context())
                        ->evaluate(assignment(scene, folder), listener),
                    UsageError);
}

// Started by the test below in a process of its own: a stop request cannot be taken back.
TEST_CASE("child: stops at once when asked to", "[.stop]") {
  const char* path = std::getenv("NAS_TEST_STOP_FOLDER");
  REQUIRE(path != nullptr);
  at::set_num_threads(1);  // as in the process that compares
  const Scene scene;
  const test::ScratchFolder unused;
  Assignment work = assignment(scene, unused);
  work.folder = path;
  request_stop();
  Listener listener;
  const auto evaluator = make_train_evaluator(scene.config, scene.context());
  REQUIRE_THROWS_AS(evaluator->evaluate(work, listener), Interrupted);
}

TEST_CASE("an evaluation that is asked to stop saves its state first", "[evaluate]") {
  at::set_num_threads(1);
  const Scene scene;
  const test::ScratchFolder stopped;
  const test::ScratchFolder undisturbed;
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  ::setenv("NAS_TEST_STOP_FOLDER", stopped.path().c_str(), 1);
  REQUIRE(std::system(("'" + program + "' '[.stop]' > /dev/null").c_str()) == 0);
  const auto saved = load_checkpoint(stopped.path(), [](const std::string& text) { FAIL(text); });
  REQUIRE(saved);
  REQUIRE(saved->state["step"] == 1);
  Listener listener;
  const auto evaluator = make_train_evaluator(scene.config, scene.context());
  metrics_of(evaluator->evaluate(assignment(scene, stopped), listener));
  metrics_of(evaluator->evaluate(assignment(scene, undisturbed), listener));
  REQUIRE(weights_hash(stopped) == weights_hash(undisturbed));
}

}  // namespace nas
