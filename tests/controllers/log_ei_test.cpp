#include "controllers/log_ei.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

// By 50-digit arithmetic.
struct Known {
  double z;
  double log_h;
};
const Known kKnown[] = {
    {-1000, -500014.734452091158}, {-100, -5010.12957880024979},  {-30, -457.724653760598004},
    {-25.5, -332.525884462204978}, {-24.5, -307.446253857730193}, {-10, -55.5531220361223559},
    {-4, -11.8490615775506631},    {-1.5, -3.52993592080570985},  {-1.01, -2.50419985748025677},
    {-0.99, -2.46611439166904938}, {0, -0.91893853320467274},     {0.7, -0.17093141922474068},
    {3, 1.098739665327707772},     {12, 2.484906649788000310}};

TEST_CASE("The logarithm of the expected improvement is exact from near to very far") {
  for (const auto& [z, log_h] : kKnown) {
    INFO(z);
    CHECK(log_expected_improvement(z, 0, 1).value == Approx(log_h).epsilon(1e-10));
    const double scale = 0.01;
    CHECK(log_expected_improvement(3 + scale * z, 3, scale).value ==
          Approx(log_h + std::log(scale)).epsilon(1e-9));
  }
}

TEST_CASE("Slopes of both logarithms agree with finite differences") {
  const auto check = [](auto function, double limit) {
    const double step = 1e-6;
    const double mean = 0.3;
    const double deviation = 0.7;
    const auto at = function(limit, mean, deviation);
    const double by_mean = (function(limit, mean + step, deviation).value -
                            function(limit, mean - step, deviation).value) /
                           (2 * step);
    const double by_deviation = (function(limit, mean, deviation + step).value -
                                 function(limit, mean, deviation - step).value) /
                                (2 * step);
    INFO(limit);
    CHECK(at.by_mean == Approx(by_mean).epsilon(1e-6).margin(1e-9));
    CHECK(at.by_deviation == Approx(by_deviation).epsilon(1e-6).margin(1e-9));
  };
  for (const double limit : {-40.0, -17.0, -5.0, -0.5, 0.2, 1.0, 4.0}) {
    check(log_expected_improvement, limit);
    check(log_probability_above, -limit);
  }
}

TEST_CASE("A probability is a half at the mean, and stays finite however small it is") {
  CHECK(log_probability_above(2, 2, 5).value == Approx(std::log(0.5)));
  CHECK(log_probability_above(1000, 0, 1).value == Approx(-500007.8266948).epsilon(1e-9));
}

}  // namespace
}  // namespace nas
