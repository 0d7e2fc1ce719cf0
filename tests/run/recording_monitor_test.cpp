#include "nas/run/recording_monitor.hpp"

#include <limits>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

class Counting : public Monitor {
 public:
  Advice report(const Progress&) override {
    ++reports;
    return Advice::go_on;
  }
  int64_t reports = 0;
};

Progress at(int64_t step, double loss, int64_t total = 9) {
  return {step, total, "epoch", {{"loss", loss}}};
}

const std::optional<Cutoffs> kCutoffs{{"loss", Goal::minimize, {{2, 1.0}, {4, 0.5}, {9, 0.1}}}};

TEST_CASE("A trial stops where its best value so far falls short, and keeps its curve") {
  Counting next;
  RecordingMonitor monitor(kCutoffs, next);
  CHECK(monitor.report(at(1, 0.7)) == Advice::go_on);  // no cutoff here
  CHECK(monitor.report(at(2, 3.0)) == Advice::go_on);  // 0.7 is the best so far
  CHECK(monitor.report(at(4, 0.6)) == Advice::stop);
  CHECK(monitor.report(at(5, 0.0)) == Advice::stop);  // it was told
  const Outcome outcome = monitor.completed(Score{{{"loss", 0.6}}, std::nullopt});
  const auto& score = std::get<Score>(outcome);
  CHECK(score.stopped);
  CHECK(score.curve.size() == 4);
  CHECK(score.curve[2] == CurvePoint{4, {{"loss", 0.6}}});
  CHECK(next.reports == 4);
}

TEST_CASE("What was reported before the state was saved counts, and is not passed on again") {
  Counting next;
  RecordingMonitor monitor(kCutoffs, next);
  monitor.recall({{1, {{"loss", 0.4}}}, {2, {{"loss", 2.0}}}});
  CHECK(monitor.report(at(4, 0.6)) == Advice::go_on);
  CHECK(next.reports == 1);
  const Outcome outcome = monitor.completed(Score{});
  CHECK_FALSE(std::get<Score>(outcome).stopped);
  CHECK(std::get<Score>(outcome).curve.size() == 3);
}

TEST_CASE("Nothing is stopped at its end, nor without cutoffs, nor without a finite value") {
  Counting next;
  RecordingMonitor at_end(kCutoffs, next);
  CHECK(at_end.report(at(9, 5)) == Advice::go_on);
  const std::optional<Cutoffs> none;
  RecordingMonitor free(none, next);
  CHECK(free.report(at(2, 5)) == Advice::go_on);
  RecordingMonitor unmeasured(kCutoffs, next);
  CHECK(unmeasured.report(at(2, std::numeric_limits<double>::quiet_NaN())) == Advice::go_on);
  const Outcome outcome = unmeasured.completed(Score{});
  CHECK(std::get<Score>(outcome).curve.front().metrics.empty());
}

TEST_CASE("A program that reports without end fills no memory") {
  Counting next;
  const std::optional<Cutoffs> none;
  RecordingMonitor monitor(none, next);
  for (int64_t step = 1; step <= 100'000; ++step) {
    CHECK(monitor.report(at(step, 1, 0)) == Advice::go_on);
  }
  const Outcome outcome = monitor.completed(Score{});
  const auto& curve = std::get<Score>(outcome).curve;
  CHECK(curve.size() > 500);
  CHECK(curve.size() <= 1024);
  CHECK(curve.back().step > 99'000);
}

}  // namespace
}  // namespace nas
