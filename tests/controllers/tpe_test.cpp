#include "controllers/tpe.hpp"

#include <cmath>
#include <set>

#include "nas/core/statistics.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Objectives kObjectives{{"loss", Goal::minimize}};

double real(const Point& point, size_t i) { return std::get<double>(point.values[i]); }
int64_t whole(const Point& point, size_t i) { return std::get<int64_t>(point.values[i]); }
double square(double x) { return x * x; }

/// A choice of optimizer with parameters of its own, a width, and one that is always there.
const testing::PlainSpace kMixed({{"optimizer", Categorical{{"sgd", "adam", "newton"}},
                                   std::nullopt},
                                  {"rate", RealInterval{1e-6, 10, true}, Condition{0, {0, 1}}},
                                  {"momentum", RealInterval{0, 0.99}, Condition{0, {0}}},
                                  {"history", IntegerInterval{1, 100}, Condition{0, {2}}},
                                  {"width", IntegerInterval{8, 1024, true}, std::nullopt},
                                  {"dropout", RealInterval{0, 0.8}, std::nullopt}});

double mixed_loss(const Point& point) {
  const double always = 0.1 * square(std::log2(static_cast<double>(whole(point, 4))) - 7) +
                        3 * square(real(point, 5) - 0.2);
  switch (whole(point, 0)) {
    case 0:
      return always + 0.2 + square(std::log10(real(point, 1)) + 1) +
             5 * square(real(point, 2) - 0.9);
    case 1:
      return always + square(std::log10(real(point, 1)) + 3);
    default:
      return always + 0.4 + square(static_cast<double>(whole(point, 3) - 20) / 20);
  }
}

/// The least loss of a search with each of some seeds.
std::vector<double> best_losses(const std::string& config, int64_t lag) {
  std::vector<double> losses;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const auto controller = testing::make_controller(config, {kMixed, kObjectives, seed});
    double best = INFINITY;
    for (const Trial& trial : testing::search(*controller, 80, lag, [](const Point& point) {
           return Metrics{{"loss", mixed_loss(point)}};
         })) {
      best = std::min(best, trial.metrics.at("loss"));
    }
    losses.push_back(best);
  }
  return losses;
}

TEST_CASE("TPE finds in a mixed, conditional space what chance does not, workers or not", "[tpe]") {
  const double chance = median(best_losses("type: random", 1));
  CHECK(median(best_losses("type: tpe", 1)) < chance / 5);
  CHECK(median(best_losses("type: tpe", 8)) < chance / 3);
  CHECK(median(best_losses("type: tpe, multivariate: false", 1)) < chance);
}

/// Least at the end of a bent valley (Rosenbrock).
double valley(const Point& point) {
  double sum = 0;
  for (size_t i = 0; i < 3; ++i) {
    sum += 100 * square(real(point, i + 1) - square(real(point, i))) + square(1 - real(point, i));
  }
  return sum;
}

/// Mean logarithm of the least loss of 20 searches of 80 trials.
double log_loss(const Space& space, double (*loss)(const Point&), int64_t lag) {
  double sum = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto controller = testing::make_controller("type: tpe", {space, kObjectives, seed});
    double best = INFINITY;
    for (const Trial& trial : testing::search(*controller, 80, lag, [&](const Point& point) {
           return Metrics{{"loss", loss(point)}};
         })) {
      best = std::min(best, trial.metrics.at("loss"));
    }
    sum += std::log(best) / 20;
  }
  return sum;
}

TEST_CASE("Eight workers of TPE lose little against one that does as many trials", "[tpe]") {
  const RealInterval side{-2.5, 2.5};
  const testing::PlainSpace four({{"a", side, std::nullopt},
                                  {"b", side, std::nullopt},
                                  {"c", side, std::nullopt},
                                  {"d", side, std::nullopt}});
  const double in_valley = std::exp(log_loss(four, valley, 8) - log_loss(four, valley, 1));
  const double mixed = std::exp(log_loss(kMixed, mixed_loss, 8) - log_loss(kMixed, mixed_loss, 1));
  INFO(in_valley << " times as far from the least, and " << mixed << " times");
  CHECK(in_valley < 2);
  CHECK(mixed < 2);
}

TEST_CASE("TPE with several workers gives no two the same point", "[tpe]") {
  const testing::PlainSpace small({{"op", Categorical{{"a", "b", "c", "d"}}, std::nullopt},
                                   {"n", IntegerInterval{1, 30}, std::nullopt}});
  const auto controller = testing::make_controller("type: tpe", {small, kObjectives, 1});
  std::set<Point> seen;
  const auto trials = testing::search(*controller, 80, 8, [](const Point& point) {
    return Metrics{{"loss", square(static_cast<double>(whole(point, 1) - 12))}};
  });
  for (const Trial& trial : trials) seen.insert(*trial.point);
  CHECK(seen.size() == trials.size());
}

TEST_CASE("TPE spreads over the Pareto front of two objectives", "[tpe]") {
  const testing::PlainSpace plane({{"x", RealInterval{0, 1}, std::nullopt},
                                   {"y", RealInterval{0, 1}, std::nullopt},
                                   {"z", RealInterval{0, 1}, std::nullopt}});
  const Objectives both{{"a", Goal::minimize}, {"b", Goal::minimize}};
  // The front is the line y = z = 0.3 from x = 0 to x = 1.
  const auto near_front = [&](const std::string& config) {
    const auto controller = testing::make_controller(config, {plane, both, 2});
    const auto trials = testing::search(*controller, 150, 1, [](const Point& point) {
      const double off = square(real(point, 1) - 0.3) + square(real(point, 2) - 0.3);
      return Metrics{{"a", real(point, 0) + 5 * off}, {"b", 1 - real(point, 0) + 5 * off}};
    });
    std::set<int> parts;  // fifths of the front that are reached
    for (const Trial& trial : trials) {
      const double off = std::hypot(real(*trial.point, 1) - 0.3, real(*trial.point, 2) - 0.3);
      if (off < 0.05) parts.insert(static_cast<int>(real(*trial.point, 0) * 5));
    }
    return parts.size();
  };
  CHECK(near_front("type: tpe") == 5);
  CHECK(near_front("type: random") < 5);
}

}  // namespace
}  // namespace nas
