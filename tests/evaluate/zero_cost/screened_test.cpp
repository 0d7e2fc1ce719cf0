#include "nas/evaluate/zero_cost/screened.hpp"

#include <algorithm>

#include "nas/core/random.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "tests/evaluate/zero_cost/scene.hpp"

namespace nas {
namespace {

using test::kCutCell;
using test::kGoodCell;
using test::metrics_of;
using test::NoMonitor;
using test::ZeroCostScene;

/// Counts what gets through to it.
class Counting final : public Evaluator {
 public:
  explicit Counting(int64_t& calls) : calls_(calls) {}
  Outcome evaluate(const Assignment&, Monitor&) override {
    ++calls_;
    return Score{{{"validation_accuracy", 50}}, std::nullopt};
  }

 private:
  int64_t& calls_;
};

struct Screening {
  ZeroCostScene scene;
  int64_t calls = 0;
  ScreenOptions options;

  Screening() {
    options.setting.batch_size = 8;
    options.candidates = 20;
  }
  std::unique_ptr<Evaluator> make() {
    return make_screened(std::make_unique<Counting>(calls), options, scene.context());
  }
  Outcome evaluate(Evaluator& evaluator, const std::string& cell) const {
    NoMonitor monitor;
    return evaluator.evaluate(scene.assignment(cell, 1), monitor);
  }
};

TEST_CASE("A screen lets through the share that it should", "[zero_cost]") {
  Screening screening;
  screening.options.metric = "parameters";  // a proxy like others, and its quantiles are known
  screening.options.keep = 0.3;
  const Space& space = *screening.scene.space;
  std::vector<double> reference;
  for (uint64_t i = 0; i < 20; ++i) {
    RandomStream random(0, "zero_cost.screen", i);
    const auto plan = space.network(sample(space.choices(), random));
    reference.push_back(static_cast<double>(cost(*plan, {1, 8, 8}).parameters));
  }
  std::sort(reference.begin(), reference.end());
  const auto evaluator = screening.make();
  int64_t expected = 0;
  for (uint64_t i = 0; i < 60; ++i) {
    RandomStream random(9, "test", i);
    const Point point = sample(space.choices(), random);
    const auto parameters = static_cast<double>(cost(*space.network(point), {1, 8, 8}).parameters);
    const bool passes = parameters >= reference[14];
    expected += passes ? 1 : 0;
    const Outcome outcome = screening.evaluate(*evaluator, space.text(point));
    REQUIRE(std::holds_alternative<Score>(outcome) == passes);
    if (passes) CHECK(metrics_of(outcome).at("parameters") == parameters);
  }
  CHECK(screening.calls == expected);
  CHECK((expected > 5 && expected < 35));
}

TEST_CASE("What a screen turns away says its score and the threshold", "[zero_cost]") {
  Screening screening;
  screening.options.metric = "synflow";
  const auto evaluator = screening.make();
  const Outcome outcome = screening.evaluate(
      *evaluator, "|none~0|+|avg_pool_3x3~0|none~1|+|none~0|none~1|avg_pool_3x3~2|");
  REQUIRE(std::holds_alternative<Failure>(outcome));
  const auto& failure = std::get<Failure>(outcome);
  CHECK(failure.kind == "constraint");
  CHECK_THAT(failure.reason, ContainsSubstring("synflow: found ") &&
                                 ContainsSubstring("expected at least ") &&
                                 ContainsSubstring("0.5 of random points"));
  CHECK(screening.calls == 0);
  const auto passed = metrics_of(screening.evaluate(*evaluator, kGoodCell));
  CHECK(passed.at("synflow") > 0);
  CHECK(passed.at("validation_accuracy") == 50);
}

TEST_CASE("Every worker has the same threshold, whatever it saw before", "[zero_cost]") {
  Screening screening;
  const auto reason = [&](Evaluator& evaluator) {
    const Outcome outcome = screening.evaluate(
        evaluator, "|none~0|+|skip_connect~0|none~1|+|skip_connect~0|none~1|none~2|");
    REQUIRE(std::holds_alternative<Failure>(outcome));
    return std::get<Failure>(outcome).reason;
  };
  const auto fresh = screening.make();
  const auto experienced = screening.make();
  screening.evaluate(*experienced, kGoodCell);
  CHECK(reason(*fresh) == reason(*experienced));
  const std::string before = reason(*fresh);
  screening.options.seed = 1;
  CHECK(reason(*screening.make()) != before);
}

TEST_CASE("A candidate without a score is turned away for that", "[zero_cost]") {
  Screening screening;
  screening.options.metric = "naswot";
  const Outcome outcome = screening.evaluate(*screening.make(), kCutCell);
  REQUIRE(std::holds_alternative<Failure>(outcome));
  CHECK(std::get<Failure>(outcome).kind == "nan");
}

TEST_CASE("With keep 1 all that have a score are let through", "[zero_cost]") {
  Screening screening;
  screening.options.metric = "parameters";
  screening.options.keep = 1;
  const auto evaluator = screening.make();
  const Outcome outcome = screening.evaluate(
      *evaluator, "|nor_conv_1x1~0|+|none~0|none~1|+|none~0|nor_conv_1x1~1|none~2|");
  // Below the smallest of 20 random ones only with a chance that this draw did not have.
  CHECK(std::holds_alternative<Score>(outcome));
}

}  // namespace
}  // namespace nas
