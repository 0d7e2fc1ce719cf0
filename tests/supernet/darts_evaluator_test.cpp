#include "nas/supernet/darts_evaluator.hpp"

#include <filesystem>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/train/checkpoint.hpp"
#include "search_spaces/darts.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

struct Crash {};

/// Keeps what it hears; crashes at epoch `crash_at`.
class Listener final : public Monitor {
 public:
  explicit Listener(int64_t crash_at = -1) : crash_at_(crash_at) {}
  Advice report(const Progress& progress) override {
    heard.push_back(progress.metrics);
    total = progress.total;
    if (progress.done == crash_at_) throw Crash{};
    return Advice::go_on;
  }
  std::vector<Metrics> heard;
  int64_t total = 0;

 private:
  int64_t crash_at_;
};

class Folder {
 public:
  explicit Folder(const std::string& name)
      : path(std::filesystem::temp_directory_path() / ("nas_supernet_" + name)) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path path;
};

struct Scene {
  std::unique_ptr<Space> space = test::small_space();
  DataConfig data = test::some_digits(300);
  ExecutionConfig execution;
  DartsOptions options;

  Scene() {
    execution.device = "cpu";
    execution.checkpoint.steps = 3;
    options.epochs = 3;
    options.batch_size = 16;
    options.learning_rate = 0.1;
    options.architecture_learning_rate = 0.02;
  }
  std::unique_ptr<Evaluator> make() const {
    return make_darts_evaluator(options, {*space, data, execution, [](const std::string&) {}});
  }
};

Assignment assignment(const Folder& folder) {
  Assignment job;
  job.job = Job::supernet;
  job.seed = 5;
  job.folder = folder.path;
  return job;
}

Json history(const Folder& folder) {
  return Json::parse(read_file(folder.path / "architecture.json"));
}

/// A space that cannot be searched by gradients.
class PlainSpace final : public Space {
 public:
  std::string_view name() const override { return "plain"; }
  const Choices& choices() const override { return choices_; }
  std::string text(const Point&) const override { return ""; }
  Point parse(std::string_view) const override { return {}; }
  TaskShape task() const override { return {}; }
  std::optional<NetworkPlan> network(const Point&) const override { return std::nullopt; }

 private:
  Choices choices_;
};

}  // namespace

TEST_CASE("a differentiable search that crashes ends like one that does not", "[supernet]") {
  const Scene scene;
  const Folder folder("crash");
  const Folder undisturbed("undisturbed");
  Listener quiet;
  const Outcome reference = scene.make()->evaluate(assignment(undisturbed), quiet);
  const Score& expected = std::get<Score>(reference);
  for (const int64_t epoch : {1, 2, 3}) {
    Listener crashing(epoch);
    REQUIRE_THROWS_AS(scene.make()->evaluate(assignment(folder), crashing), Crash);
  }
  const Outcome outcome = scene.make()->evaluate(assignment(folder), quiet);
  const Score& score = std::get<Score>(outcome);
  REQUIRE((score.metrics == expected.metrics));
  REQUIRE((score.derived == expected.derived));
  REQUIRE(history(folder) == history(undisturbed));
  REQUIRE(history(folder)["epochs"].size() == 3);
}

TEST_CASE("a differentiable search on digits learns and derives a point", "[supernet]") {
  Scene scene;
  scene.data.limit = 700;
  scene.options.batch_size = 8;
  scene.options.epochs = 4;
  scene.options.architecture_learning_rate = 0.1;
  scene.options.order = GENERATE(1, 2);
  const Folder folder("learn");
  Listener listener;
  const Outcome outcome = scene.make()->evaluate(assignment(folder), listener);
  const Score& score = std::get<Score>(outcome);
  REQUIRE(listener.heard.size() == 4);
  REQUIRE(listener.total == 4);
  REQUIRE((score.metrics == listener.heard.back()));
  REQUIRE(score.metrics.at("supernet_validation_accuracy") > 70);
  REQUIRE(score.metrics.at("supernet_train_loss") <
          0.7 * listener.heard.front().at("supernet_train_loss"));
  // The mixture moved away from nearly uniform.
  REQUIRE(score.metrics.at("architecture_entropy") < 0.98 * std::log(5.0));
  REQUIRE(score.metrics.at("architecture_entropy") ==
          Approx(score.metrics.at("architecture_entropy_cell")));
  REQUIRE_FALSE(score.metrics.contains("validation_accuracy"));
  REQUIRE(score.derived.has_value());
  const Json last = history(folder)["epochs"].back();
  REQUIRE(last["arch"] == scene.space->text(*score.derived));
  REQUIRE(last["probabilities"]["cell"].size() == 6);
}

TEST_CASE("a search over the DARTS cells runs with the budget's epochs", "[supernet]") {
  Scene scene;
  DartsSpaceOptions options;
  options.channels = 2;
  options.cells = 3;
  scene.space = make_darts_space(options, {{1, 8, 8}, 10});
  scene.data.limit = 100;
  scene.data.validation = 0;  // the architecture half scores the supernet
  const Folder folder("budget");
  Listener listener;
  Assignment job = assignment(folder);
  job.budget = 1;
  const Outcome outcome = scene.make()->evaluate(job, listener);
  const Score& score = std::get<Score>(outcome);
  REQUIRE(listener.heard.size() == 1);
  REQUIRE(score.metrics.at("skip_connections") <= 16);
  REQUIRE((scene.space->parse(scene.space->text(*score.derived)) == *score.derived));
}

TEST_CASE("a search that diverges is a failure named nan", "[supernet]") {
  Scene scene;
  scene.options.learning_rate = 1e30;
  scene.options.gradient_clip = 0;
  const Folder folder("nan");
  Listener listener;
  const Outcome outcome = scene.make()->evaluate(assignment(folder), listener);
  REQUIRE(std::get<Failure>(outcome).kind == "nan");
  REQUIRE(listener.heard.empty());
  REQUIRE_FALSE(load_checkpoint(folder.path, [](const std::string&) {}).has_value());
}

TEST_CASE("differentiable search over a space without supernet is wrong use", "[supernet]") {
  Scene scene;
  scene.space = std::make_unique<PlainSpace>();
  REQUIRE_THROWS_WITH(scene.make(), ContainsSubstring("'plain' has none"));
}

}  // namespace nas
