#include "nas/compress/compressed_evaluator.hpp"

#include <cmath>

#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/plan/compression.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/compression.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/checkpoint.hpp"
#include "nas/train/fake_quantization.hpp"
#include "nas/train/loss.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/crashing_monitor.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// A space of one network and one compression of it.
class OneCompression final : public Space {
 public:
  std::string_view name() const override { return "one"; }
  const Choices& choices() const override { return choices_; }
  std::string text(const Point&) const override { return "one"; }
  Point parse(std::string_view) const override { return {}; }
  TaskShape task() const override { return {{1, 8, 8}, 10}; }
  std::optional<NetworkPlan> network(const Point&) const override { return test::small_plan(); }
  Settings settings(const Point&) const override {
    return {
        {std::string(kCompression), R"({"per": "stage", "keep": [0.5, 0.75], "bits": [4, 8]})"}};
  }

 private:
  Choices choices_;
};

/// Hears of progress; may have the training stop.
class Counting final : public Monitor {
 public:
  explicit Counting(int64_t stop_at = -1) : stop_at_(stop_at) {}
  Advice report(const Progress& progress) override {
    curve[progress.done] = progress.metrics;
    return progress.done == stop_at_ ? Advice::stop : Advice::go_on;
  }
  void recall(const LearningCurve& earlier) override {
    for (const auto& [step, metrics] : earlier) curve[step] = metrics;
  }
  std::map<int64_t, Metrics> curve;

 private:
  int64_t stop_at_;
};

struct Scene {
  CompressedTrainConfig config;
  ExecutionConfig execution;
  DataConfig data = test::some_digits(300);
  OneCompression space;
  test::ScratchFolder scratch;

  Scene() {
    execution.device = "cpu";
    execution.checkpoint.steps = 2;
    config.training.epochs = 3;
    config.training.batch_size = 50;
    config.fine_tuning = fine_tuning_of(config.training);
    config.fine_tuning.training.epochs = 3;
    config.fine_tuning.training.learning_rate = 0.05;
  }

  EvaluatorContext context() const {
    return {space, data, execution, [](const std::string&) {}};
  }
  Assignment assignment(const char* name, Job job = Job::evaluate) const {
    Assignment made;
    made.job = job;
    made.point = Point{};
    made.seed = 5;
    made.folder = scratch.path() / name;
    return made;
  }
  Score evaluated(const char* name, Monitor& monitor) const {
    return std::get<Score>(
        make_compressed_train_evaluator(config, context())->evaluate(assignment(name), monitor));
  }
  Safetensors weights(const char* name) const {
    return read_safetensors(scratch.path() / name / "weights.safetensors");
  }
  CompressedPlan target() const {
    return compressed_plan(test::small_plan(), {1, 8, 8}, *compression_of(space, {}));
  }
};

}  // namespace

TEST_CASE("a compressed network is as small as its point says", "[compress]") {
  const Scene scene;
  Counting monitor;
  const Score score = scene.evaluated("here", monitor);
  const CompressedPlan target = scene.target();
  CHECK(score.metrics.at("parameters") ==
        static_cast<double>(cost(target.plan, {1, 8, 8}).parameters));
  CHECK(score.metrics.at("validation_accuracy") > 15);
  CHECK(monitor.curve.size() == 3);
  const Safetensors file = scene.weights("here");
  CHECK(weight_bits_from_text(file.metadata.at("bits").get<std::string>()) == target.bits);
  const Json kept = Json::parse(file.metadata.at("kept").get<std::string>());
  CHECK(kept.at("stem.conv").size() == 4);
  CHECK(kept.at("end.conv").size() == 12);
  const auto network = build_network(target.plan, 0, torch::Device(torch::kCPU));
  REQUIRE_NOTHROW(load_state(
      *network, load_safetensors(scene.scratch.path() / "here" / "weights.safetensors")));
  CHECK_FALSE(fs::exists(scene.scratch.path() / "here" / "compression"));
}

TEST_CASE("a compressed network's score is that of rounded weights", "[compress]") {
  Scene scene;
  Counting monitor;
  scene.config.fine_tuning.training.learning_rate = 0;  // batch norms settle, weights do not move
  const Score score = scene.evaluated("here", monitor);
  const TrainingData data = load_for_search(scene.data, torch::Device(torch::kCPU));
  const CompressedPlan target = scene.target();
  NamedTensors weights = load_safetensors(scene.scratch.path() / "here" / "weights.safetensors");
  const auto loss = [&] {
    const auto network = build_network(target.plan, 0, torch::Device(torch::kCPU));
    load_state(*network, weights);
    network->eval();
    const torch::NoGradGuard no_grad;
    const torch::Tensor all = torch::arange(data.validation.size());
    const auto outputs =
        network->forward(normalized(data.validation, all, data.normalization)).front();
    return cross_entropy(outputs, data.validation.labels, 0).item<double>();
  };
  CHECK(loss() != Approx(score.metrics.at("validation_loss")).epsilon(1e-5));
  for (auto& [name, tensor] : weights) {
    if (tensor.dim() < 2) continue;
    const int64_t bits = bits_of(target.bits, name.substr(0, name.rfind('.')));
    tensor = on_channel_grids(tensor, largest_of_bits(bits));
  }
  CHECK(loss() == Approx(score.metrics.at("validation_loss")).epsilon(1e-5));
}

TEST_CASE("a compression that is killed anywhere ends as one that was left alone", "[compress]") {
  const Scene scene;
  Counting alone;
  const Score right = scene.evaluated("alone", alone);
  for (const int64_t after : {1, 1, 1, 1}) {
    test::CrashingAfter monitor(after);
    CHECK_THROWS_AS(scene.evaluated("killed", monitor), test::Crash);
  }
  Counting monitor;
  const Score score = scene.evaluated("killed", monitor);
  CHECK(score.metrics == right.metrics);
  CHECK(monitor.curve == alone.curve);
  CHECK(read_file(scene.scratch.path() / "killed" / "weights.safetensors") ==
        read_file(scene.scratch.path() / "alone" / "weights.safetensors"));
}

TEST_CASE("a training that is stopped early is not made smaller", "[compress]") {
  const Scene scene;
  Counting monitor(2);
  const Score score = scene.evaluated("here", monitor);
  CHECK(score.metrics.at("parameters") ==
        static_cast<double>(cost(test::small_plan(), {1, 8, 8}).parameters));
}

TEST_CASE("a retrained compressed network is scored on test data", "[compress]") {
  const Scene scene;
  Counting monitor;
  const Outcome outcome = make_compressed_retrain_evaluator(scene.config, scene.context())
                              ->evaluate(scene.assignment("here", Job::retrain), monitor);
  const Metrics& metrics = std::get<Score>(outcome).metrics;
  CHECK(metrics.contains("test_accuracy"));
  CHECK_FALSE(metrics.contains("validation_accuracy"));
}

}  // namespace nas
