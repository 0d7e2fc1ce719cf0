#include "nas/evaluate/measured.hpp"

#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

struct Calls {
  int evaluated = 0;
  int measured = 0;
};

class FakeEvaluator final : public Evaluator {
 public:
  explicit FakeEvaluator(Calls& calls) : calls_(calls) {}
  Outcome evaluate(const Assignment&, Monitor&) override {
    ++calls_.evaluated;
    return Score{{{"accuracy", 90}, {"latency", 77}, {"parameters", 5}}, std::nullopt};
  }

 private:
  Calls& calls_;
};

/// Another latency each time, as devices do.
class FakeMeter final : public NetworkMeter {
 public:
  explicit FakeMeter(Calls& calls) : calls_(calls) {}
  Outcome measure(const NetworkPlan&, const Shape&) override {
    ++calls_.measured;
    return Score{{{"latency", 0.002 * calls_.measured}}, std::nullopt};
  }
  bool repeatable() const override { return false; }

 private:
  Calls& calls_;
};

class Quiet final : public Monitor {
 public:
  Advice report(const Progress&) override { return Advice::go_on; }
};

struct Scene {
  Scratch scratch;
  Calls calls;
  std::unique_ptr<Space> space = make_nas_bench_201({8, 1, true, {}}, {{1, 8, 8}, 10});

  Outcome evaluate(const std::string& constraint, const std::string& folder) {
    NetworkMeters meters;
    meters.push_back(std::make_unique<FakeMeter>(calls));
    Constraints constraints;
    if (!constraint.empty()) constraints.push_back(constraint_from_text(constraint));
    const auto evaluator = make_measured(std::make_unique<FakeEvaluator>(calls), *space,
                                         constraints, std::move(meters));
    Assignment assignment;
    assignment.point =
        space->parse("|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|");
    assignment.folder = scratch / folder;
    Quiet quiet;
    return evaluator->evaluate(assignment, quiet);
  }
};

TEST_CASE("What was asked to be measured stands in a score for what the evaluator says") {
  Scene scene;
  const Outcome outcome = scene.evaluate("", "a");
  const Metrics& metrics = std::get<Score>(outcome).metrics;
  CHECK(metrics.at("latency") == 0.002);
  CHECK(metrics.at("accuracy") == 90);
  CHECK(metrics.at("parameters") == 5);  // of counts the evaluator's own come first
  CHECK(metrics.at("multiply_adds") > 0);
}

TEST_CASE("A breach by a measurement rejects before the evaluation, one by a count before that") {
  Scene scene;
  const Outcome slow = scene.evaluate("latency <= 1ms", "a");
  CHECK(std::get<Failure>(slow).kind == "constraint");
  CHECK(std::get<Failure>(slow).reason == "latency: found 0.002, expected at most 0.001");
  CHECK(scene.calls.measured == 1);
  CHECK(scene.calls.evaluated == 0);
  const Outcome large = scene.evaluate("multiply_adds <= 1", "b");
  CHECK(std::get<Failure>(large).kind == "constraint");
  CHECK(scene.calls.measured == 1);
  CHECK(scene.calls.evaluated == 0);
}

/// The space, and half of its channels with weights of 4 bits.
class Halved final : public Space {
 public:
  explicit Halved(const Space& inner) : inner_(inner) {}
  std::string_view name() const override { return inner_.name(); }
  const Choices& choices() const override { return inner_.choices(); }
  std::string text(const Point& point) const override { return inner_.text(point); }
  Point parse(std::string_view text) const override { return inner_.parse(text); }
  TaskShape task() const override { return inner_.task(); }
  std::optional<NetworkPlan> network(const Point& point) const override {
    return inner_.network(point);
  }
  Settings settings(const Point&) const override {
    return {{"compression", R"({"per": "stage", "keep": [0.5], "bits": [4]})"}};
  }

 private:
  const Space& inner_;
};

TEST_CASE("Counts are those of the network once it is made smaller, and its weights' bytes too") {
  const Scene scene;
  const Halved halved(*scene.space);
  const Point point = scene.space->parse(
      "|nor_conv_3x3~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_"
      "1x1~2|");
  const Metrics whole = network_counts(*scene.space, point);
  const Metrics small = network_counts(halved, point);
  CHECK_FALSE(whole.contains("weight_bytes"));
  CHECK(small.at("parameters") < 0.5 * whole.at("parameters"));
  // All parameters but those of batch norms are weights, and each has half a byte.
  CHECK(small.at("weight_bytes") < 0.5 * small.at("parameters"));
  CHECK(small.at("weight_bytes") > 0.4 * small.at("parameters"));
  // Beside the weights: bias, factor and shift of each channel, and tables of 256 bytes.
  CHECK(small.at("flash") > 1.1 * small.at("weight_bytes"));
  CHECK(small.at("flash") < 4 * small.at("weight_bytes"));
  CHECK(small.at("ram") > 0);
  CHECK_FALSE(whole.contains("flash"));
}

TEST_CASE("An evaluation that goes on keeps the figures of its first attempt") {
  Scene scene;
  const auto latency = [](const Outcome& outcome) {
    return std::get<Score>(outcome).metrics.at("latency");
  };
  CHECK(latency(scene.evaluate("latency <= 3ms", "a")) == 0.002);
  CHECK(latency(scene.evaluate("latency <= 3ms", "a")) == 0.002);
  CHECK(scene.calls.measured == 1);
  CHECK(std::holds_alternative<Failure>(scene.evaluate("latency <= 3ms", "b")));
}

TEST_CASE("A network that does not fit the data is a failed candidate") {
  Scene scene;
  scene.space = make_nas_bench_201({8, 1, true, {}}, {{1, 9, 9}, 10});
  const Outcome outcome = scene.evaluate("", "a");
  CHECK(std::get<Failure>(outcome).kind == "error");
  CHECK_THAT(std::get<Failure>(outcome).reason, ContainsSubstring("5x5"));
  CHECK(scene.calls.evaluated == 0);
}

}  // namespace
}  // namespace nas
