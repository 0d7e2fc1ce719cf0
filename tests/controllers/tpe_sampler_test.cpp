#include "controllers/tpe_sampler.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Choices kPlane{{"x", RealInterval{0, 1}, std::nullopt},
                     {"y", RealInterval{0, 1}, std::nullopt}};
const Choices kGrid{{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                    {"depth", IntegerInterval{1, 4}, std::nullopt}};

double coordinate(const Point& point, size_t choice) {
  return std::get<double>(point.values[choice]);
}

/// Adds points of a grid of 8 x 8 with their distance from (x, y), negative.
void add_bowl(TpeSampler& sampler, double x, double y, Budget budget) {
  for (int i = 0; i < 64; ++i) {
    const Point point{{(i % 8 + 0.5) / 8, (i / 8 + 0.5) / 8}};
    const double distance = std::hypot(coordinate(point, 0) - x, coordinate(point, 1) - y);
    sampler.add(point, {-distance}, budget);
  }
}

/// Mean distance from (x, y) of what is proposed for the trials from 64 on.
double mean_distance(const TpeSampler& sampler, double x, double y) {
  double sum = 0;
  for (int64_t n = 64; n < 164; ++n) {
    const Point point = sampler.propose(n);
    sum += std::hypot(coordinate(point, 0) - x, coordinate(point, 1) - y);
  }
  return sum / 100;
}

TEST_CASE("Proposals are near where observations were good, together or choice by choice",
          "[tpe]") {
  for (const bool multivariate : {true, false}) {
    TpeOptions options;
    options.multivariate = multivariate;
    TpeSampler sampler(options, kPlane, 1, "test");
    add_bowl(sampler, 0.8, 0.3, 0);
    CHECK(mean_distance(sampler, 0.8, 0.3) < 0.2);
  }
}

TEST_CASE("The largest budget with enough observations counts alone", "[tpe]") {
  TpeSampler sampler({}, kPlane, 1, "test");
  add_bowl(sampler, 0.8, 0.3, 1);
  add_bowl(sampler, 0.2, 0.9, 3);
  sampler.add(Point{{0.8, 0.3}}, {100}, 9);
  CHECK(mean_distance(sampler, 0.2, 0.9) < 0.2);
}

TEST_CASE("Points that failed are avoided", "[tpe]") {
  TpeSampler sampler({}, kPlane, 1, "test");
  for (int i = 0; i < 40; ++i) {
    const double at = (i + 0.5) / 40;
    sampler.add(Point{{0.75, at}}, {0});
    sampler.add_failed(Point{{0.25, at}});
  }
  int failing = 0;
  for (int64_t n = 80; n < 180; ++n) failing += coordinate(sampler.propose(n), 0) < 0.5 ? 1 : 0;
  CHECK(failing < 20);
}

TEST_CASE("Trials under way keep others from their place", "[tpe]") {
  TpeSampler sampler({}, kPlane, 1, "test");
  add_bowl(sampler, 0.8, 0.3, 0);
  const std::vector<Point> pending(20, Point{{0.8, 0.3}});
  double sum = 0;
  double alone = 0;
  for (int64_t n = 64; n < 164; ++n) {
    const Point beside = sampler.propose(n, pending);
    const Point free = sampler.propose(n);
    sum += std::hypot(coordinate(beside, 0) - 0.8, coordinate(beside, 1) - 0.3);
    alone += std::hypot(coordinate(free, 0) - 0.8, coordinate(free, 1) - 0.3);
  }
  CHECK(sum > 1.3 * alone);
}

TEST_CASE("Trials under way stand in for what is left of the design, once three have results",
          "[tpe]") {
  TpeSampler sampler({}, kPlane, 1, "test");
  std::vector<Point> pending;
  for (int i = 0; i < 8; ++i) pending.push_back(Point{{0.1 * i, 0.5}});
  const Point designed = sampler.propose(12);
  sampler.add(Point{{0.2, 0.2}}, {1});
  sampler.add(Point{{0.4, 0.2}}, {2});
  CHECK(sampler.propose(12, pending) == designed);
  sampler.add(Point{{0.6, 0.2}}, {3});
  CHECK_FALSE(sampler.propose(12, pending) == designed);
  CHECK(sampler.propose(12) == designed);
  // They are of the least budget, and say nothing of a larger one.
  for (const double x : {0.3, 0.5, 0.7}) sampler.add(Point{{x, 0.9}}, {x}, 9);
  TpeSampler small({}, kPlane, 1, "test");
  for (const double x : {0.2, 0.4, 0.6}) small.add(Point{{x, 0.2}}, {5 * x});
  CHECK(sampler.propose(12, pending) == small.propose(12, pending));
}

TEST_CASE("No point is proposed twice while others are left", "[tpe]") {
  TpeSampler sampler({}, kGrid, 1, "test");
  std::set<Point> seen;
  for (int64_t n = 0; n < 12; ++n) {
    const Point point = sampler.propose(n);
    CHECK(seen.insert(point).second);
    sampler.add(point, {static_cast<double>(std::get<int64_t>(point.values[1]))});
  }
  CHECK(seen.contains(sampler.propose(12)));
}

TEST_CASE("Proposals follow from observations, seed and number alone", "[tpe]") {
  TpeSampler one({}, kPlane, 1, "test");
  TpeSampler same({}, kPlane, 1, "test");
  TpeSampler other({}, kPlane, 2, "test");
  for (auto* sampler : {&one, &same, &other}) add_bowl(*sampler, 0.8, 0.3, 0);
  for (int64_t n = 0; n < 5; ++n) static_cast<void>(one.propose(n));
  CHECK(one.propose(70) == same.propose(70));
  CHECK_FALSE(one.propose(70) == other.propose(70));
  CHECK_FALSE(one.propose(70) == one.propose(71));
}

}  // namespace
}  // namespace nas
