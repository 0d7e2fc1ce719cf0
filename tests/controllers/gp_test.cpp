#include "controllers/gp.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "nas/search/hypervolume.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::PlainSpace;

double real(const Point& point, size_t i) { return std::get<double>(point.values[i]); }
int64_t whole(const Point& point, size_t i) { return std::get<int64_t>(point.values[i]); }
double square(double x) { return x * x; }

/// An optimizer with a rate; one of its kinds has a momentum, another a history.
const PlainSpace kTraining({{"kind", Categorical{{"a", "b", "c"}}, std::nullopt},
                            {"rate", RealInterval{1e-5, 1, true}, std::nullopt},
                            {"momentum", RealInterval{0, 1}, Condition{0, {0}}},
                            {"history", IntegerInterval{1, 64, true}, Condition{0, {1}}},
                            {"width", IntegerInterval{8, 512, true}, std::nullopt}});

/// 0 at best, in kind a.
double training_loss(const Point& p) {
  const double rate = std::log10(real(p, 1)) + 2 + static_cast<double>(whole(p, 0)) / 2;
  double loss = square(rate) + square(std::log2(static_cast<double>(whole(p, 4))) - 6) / 10;
  if (whole(p, 0) == 0) loss += 3 * square(real(p, 2) - 0.85);
  if (whole(p, 0) == 1) loss += 0.2 + square(std::log2(static_cast<double>(whole(p, 3))) - 3) / 10;
  return whole(p, 0) == 2 ? loss + 0.5 : loss;
}

const Objectives kLoss{{"loss", Goal::minimize}};

/// The least loss of a search.
double least(const std::string& controller, const Space& space, uint64_t seed, int64_t lag,
             double (*loss)(const Point&)) {
  const auto searcher = testing::make_controller(controller, {space, kLoss, seed});
  double best = INFINITY;
  for (const auto& trial : testing::search(*searcher, 40, lag, [&](const Point& point) {
         return Metrics{{"loss", loss(point)}};
       })) {
    best = std::min(best, trial.metrics.at("loss"));
  }
  return best;
}

/// The middle one of five seeds.
double median_least(const std::string& controller, int64_t lag) {
  std::vector<double> found;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    found.push_back(least(controller, kTraining, seed, lag, training_loss));
  }
  std::sort(found.begin(), found.end());
  return found[2];
}

TEST_CASE(
    "Among mixed and conditional choices gp comes far closer than random, also with workers") {
  const double random = median_least("type: random", 1);
  CHECK(median_least("type: gp", 1) < random / 10);
  CHECK(median_least("type: gp", 8) < random / 5);
}

TEST_CASE("gp never proposes a point twice while others are left, and then the promising ones") {
  const PlainSpace small({{"a", Categorical{{"x", "y", "z"}}, std::nullopt},
                          {"b", IntegerInterval{1, 8}, std::nullopt}});
  const auto loss = [](const Point& point) {
    return Metrics{{"loss", square(static_cast<double>(whole(point, 1) - 3)) +
                                static_cast<double>(whole(point, 0))}};
  };
  const auto noisy = testing::make_controller("type: gp", {small, kLoss, 3});
  const auto trials = testing::search(*noisy, 30, 4, loss);
  std::set<Point> seen;
  for (size_t i = 0; i < 24; ++i) seen.insert(*trials[i].point);
  CHECK(seen.size() == 24);
  REQUIRE(trials.size() == 30);
  for (size_t i = 24; i < 30; ++i) CHECK(trials[i].metrics.at("loss") < 10);
  const auto exact = testing::make_controller("type: gp, deterministic: true", {small, kLoss, 3});
  CHECK(testing::search(*exact, 30, 4, loss).size() == 24);
}

TEST_CASE("gp finds the best of the trials that do not fail") {
  const PlainSpace plane(
      {{"x", RealInterval{0, 1}, std::nullopt}, {"y", RealInterval{0, 1}, std::nullopt}});
  // The least loss that may be had is on the border of what fails.
  const auto searcher = testing::make_controller("type: gp", {plane, kLoss, 1});
  double best = INFINITY;
  const auto trials = testing::search(*searcher, 50, 1, [](const Point& point) {
    if (real(point, 0) + real(point, 1) < 0.8) return Metrics{};
    return Metrics{{"loss", square(real(point, 0) - 0.2) + square(real(point, 1) - 0.3)}};
  });
  int64_t failed = 0;
  for (const auto& trial : trials) {
    if (trial.state == TrialState::failed) {
      ++failed;
    } else {
      best = std::min(best, trial.metrics.at("loss"));
    }
  }
  CHECK(best < 0.045 + 0.005);  // 0.045 is the least
  CHECK(failed < 34);           // by probability times improvement alone it is 39
}

/// Dominated volume of 30 trials of two objectives whose best points differ.
double volume(const std::string& type, const Objectives& objectives, uint64_t seed) {
  const auto searcher = testing::make_controller(type, {kTraining, objectives, seed});
  std::vector<Utilities> all;
  for (const auto& trial : testing::search(*searcher, 30, 2, [](const Point& point) {
         const double width = std::log2(static_cast<double>(whole(point, 4))) / 9;
         return Metrics{{"loss", training_loss(point)},
                        {"size", width},
                        {"third", square(std::log10(real(point, 1)) + 3) / 10}};
       })) {
    Utilities one;
    for (const auto& objective : objectives) one.push_back(-trial.metrics.at(objective.metric));
    all.push_back(std::move(one));
  }
  return hypervolume(all, Utilities(objectives.size(), -1));
}

TEST_CASE("With two or three objectives gp dominates more than random points") {
  const Objectives two{{"loss", Goal::minimize}, {"size", Goal::minimize}};
  const Objectives three{
      {"loss", Goal::minimize}, {"size", Goal::minimize}, {"third", Goal::minimize}};
  for (const auto& objectives : {two, three}) {
    double ours = 0;
    double random = 0;
    for (uint64_t seed = 0; seed < 3; ++seed) {
      ours += volume("type: gp", objectives, seed) / 3;
      random += volume("type: random", objectives, seed) / 3;
    }
    INFO(objectives.size() << " objectives: " << ours << " and " << random);
    CHECK(ours > 1.15 * random);
  }
}

TEST_CASE("gp starts from the points that a screening liked") {
  const auto searcher = testing::make_controller("type: gp", {kTraining, kLoss, 1});
  const auto liked = testing::make_controller("type: random", {kTraining, kLoss, 9})->ask(0)->point;
  searcher->warm_start(std::vector<Point>{*liked});
  CHECK(searcher->ask(0)->point == liked);
  CHECK(searcher->ask(1)->point != liked);
}

}  // namespace
}  // namespace nas
