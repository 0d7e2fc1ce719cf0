#include "controllers/cma_es.hpp"

#include <cmath>
#include <set>

#include "controllers/cma_distribution.hpp"
#include "controllers/cma_margin.hpp"
#include "controllers/option_shares.hpp"
#include "controllers/ranking.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Objectives kObjectives{{"score", Goal::maximize}};

double real(const Point& point, size_t i) { return std::get<double>(point.values[i]); }
int64_t whole(const Point& point, size_t i) { return std::get<int64_t>(point.values[i]); }

double best_of(const std::vector<Trial>& trials) {
  double best = -INFINITY;
  for (const Trial& trial : trials) {
    if (!trial.metrics.empty()) best = std::max(best, trial.metrics.at("score"));
  }
  return best;
}

TEST_CASE("The distribution finds the minimum of an ill-conditioned, rotated ellipsoid",
          "[cma_es]") {
  constexpr size_t kAxes = 6;
  const auto loss = [](const std::vector<double>& x) {
    double sum = 0;
    for (size_t i = 0; i < kAxes; ++i) {
      const double turned = x[i] - 0.3 + (x[(i + 1) % kAxes] - 0.3);
      sum += std::pow(1000, static_cast<double>(i) / (kAxes - 1)) * turned * turned +
             1e-2 * (x[i] - 0.3) * (x[i] - 0.3);
    }
    return sum;
  };
  CmaDistribution distribution(std::vector<double>(kAxes, 0.7), 0.2, 9);
  double best = INFINITY;
  for (uint64_t generation = 0; generation < 500; ++generation) {
    RandomStream random(1, "test", generation);
    std::vector<std::pair<double, std::vector<double>>> drawn;
    for (int i = 0; i < 9; ++i) {
      auto point = distribution.draw(random);
      drawn.emplace_back(loss(point), std::move(point));
    }
    std::sort(drawn.begin(), drawn.end());
    best = std::min(best, drawn.front().first);
    std::vector<std::vector<double>> ranked;
    for (auto& [value, point] : drawn) ranked.push_back(std::move(point));
    distribution.update(ranked);
  }
  CHECK(best < 1e-9);
}

TEST_CASE("A margin keeps neighbouring whole numbers in reach", "[cma_es]") {
  const auto above = [](double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); };
  const auto inner = with_margin({0.45, 1e-4}, {0.4, 0.5}, 0.1);
  CHECK(above((0.5 - inner.mean) / inner.deviation) == Approx(0.05).epsilon(0.1));
  CHECK(above((inner.mean - 0.4) / inner.deviation) == Approx(0.05).epsilon(0.1));
  const auto first = with_margin({0.01, 0.02}, {0, 0.2}, 0.1);
  CHECK(above((0.2 - first.mean) / first.deviation) == Approx(0.1).epsilon(0.01));
  const auto last = with_margin({0.99, 0.02}, {0.8, 1}, 0.1);
  CHECK(above((last.mean - 0.8) / last.deviation) == Approx(0.1).epsilon(0.01));
  const auto wide = with_margin({0.46, 0.3}, {0.4, 0.5}, 0.1);
  CHECK(wide.mean == Approx(0.46).epsilon(0.01));
  CHECK(wide.deviation == Approx(0.3).epsilon(0.01));
}

TEST_CASE("Shares follow the better half, and no option is lost", "[cma_es]") {
  OptionShares shares({3, 2}, 8);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::vector<int64_t>> ranked(4, {2, 0});
    ranked.resize(8, {0, 1});
    shares.update(ranked);
  }
  int best = 0;
  std::set<int64_t> seen;
  RandomStream random(1, "test");
  for (int i = 0; i < 2000; ++i) {
    const auto drawn = shares.draw(random);
    best += drawn[0] == 2 ? 1 : 0;
    seen.insert(drawn[0]);
  }
  CHECK(best > 1800);
  CHECK(seen.size() == 3);
}

TEST_CASE("Ranking puts fronts before others, ends of a front first, failures last", "[cma_es]") {
  CHECK(ranking(std::vector<Utilities>{{1}, {}, {3}, {2}}) == std::vector<size_t>{2, 3, 0, 1});
  const std::vector<Utilities> two{{0, 0}, {1, 3}, {}, {2, 2.1}, {3, 1}};
  const auto order = ranking(two);
  CHECK(order == std::vector<size_t>{1, 4, 3, 0, 2});
}

TEST_CASE("CMA-ES finds numbers, whole numbers and options together", "[cma_es]") {
  const testing::PlainSpace space({{"x", RealInterval{-5, 5}, std::nullopt},
                                   {"rate", RealInterval{1e-6, 1, true}, std::nullopt},
                                   {"n", IntegerInterval{0, 40}, std::nullopt},
                                   {"op", Categorical{{"a", "b", "c"}}, std::nullopt}});
  for (const int64_t lag : {1, 8}) {
    const auto controller = testing::make_controller("type: cma_es", {space, kObjectives, 3});
    const auto trials = testing::search(*controller, 1500, lag, [](const Point& point) {
      const double x = real(point, 0) - 1.7;
      const double rate = std::log10(real(point, 1)) + 4.2;
      const auto n = static_cast<double>(whole(point, 2) - 33) / 8;
      return Metrics{{"score", -x * x - rate * rate - n * n - (whole(point, 3) == 1 ? 0 : 2)}};
    });
    CHECK(best_of(trials) > -1e-4);
  }
}

TEST_CASE("CMA-ES leaves a local optimum by starting over", "[cma_es]") {
  const testing::PlainSpace space(
      {{"x", RealInterval{0, 1}, std::nullopt}, {"y", RealInterval{0, 1}, std::nullopt}});
  const auto controller = testing::make_controller("type: cma_es", {space, kObjectives, 3});
  const auto trials = testing::search(*controller, 3000, 1, [](const Point& point) {
    const auto bump = [&](double x, double y, double width) {
      const double off = std::hypot(real(point, 0) - x, real(point, 1) - y) / width;
      return std::exp(-off * off);
    };
    return Metrics{{"score", bump(0.5, 0.5, 0.3) + 2 * bump(0.1, 0.9, 0.08)}};
  });
  CHECK(best_of(trials) > 1.9);
}

}  // namespace
}  // namespace nas
