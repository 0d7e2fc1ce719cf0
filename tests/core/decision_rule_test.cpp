#include "nas/core/decision_rule.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Of 20 examples of class 0 and 7 of class 1.
Decisions unbalanced() {
  Decisions decisions;
  decisions.classes = 2;
  for (const double positive : {.02, .03, .05, .05, .08, .1, .12, .15, .2, .2, .22, .25, .3, .3,
                                .35, .4,  .45, .55, .6,  .9, .15, .4,  .6, .7, .8,  .95, .3}) {
    decisions.probabilities.push_back(1 - positive);
    decisions.probabilities.push_back(positive);
    decisions.labels.push_back(decisions.labels.size() < 20 ? 0 : 1);
  }
  return decisions;
}

}  // namespace

TEST_CASE("a temperature divides the outputs behind probabilities", "[decision_rule]") {
  // Outputs 0, 1, 3: e^0, e^0.5, e^1.5 to their sum.
  const double e = std::exp(1.0);
  const double sum = 1 + e + e * e * e;
  const Decisions at = at_temperature({3, {1 / sum, e / sum, e * e * e / sum}, {0}}, 2);
  const double halved = 1 + std::exp(.5) + std::exp(1.5);
  REQUIRE(at.probabilities[0] == Approx(1 / halved));
  REQUIRE(at.probabilities[2] == Approx(std::exp(1.5) / halved));
  const Decisions certain = at_temperature({2, {1, 0}, {0}}, 3);
  REQUIRE(certain.probabilities == std::vector<double>{1, 0});
}

// scipy.optimize.minimize_scalar over log T of the mean of -log_softmax(log(P) / T)[label].
TEST_CASE("the fitted temperature has the least cross entropy", "[decision_rule]") {
  REQUIRE(fitted_temperature(unbalanced()) == Approx(1.0491912500877714).epsilon(1e-5));
  const Decisions sharp = at_temperature(unbalanced(), .25);
  REQUIRE(fitted_temperature(sharp) == Approx(4 * 1.0491912500877714).epsilon(1e-5));
}

TEST_CASE("thresholds are put where they cost least or keep a specificity", "[decision_rule]") {
  // From .135 on all 7 are found beside 13 false alarms: 13, and no other threshold costs less.
  REQUIRE(cheapest_threshold(unbalanced(), {{0, 1}, {5, 0}}) == Approx(.135));
  // 19 of 20 stay below .7.
  REQUIRE(threshold_of_specificity(unbalanced(), .95) == Approx(.65));
  REQUIRE(threshold_of_specificity(unbalanced(), .8) == Approx(.425));
  REQUIRE(threshold_of_specificity(unbalanced(), 0) == 0);
  REQUIRE(threshold_of_specificity(unbalanced(), 1) == Approx(.925));
  // To decide for class 1 is never worth it.
  REQUIRE(cheapest_threshold(unbalanced(), {{0, 9}, {1, 0}}) > .9);
}

TEST_CASE("decisions at a threshold are counted by class", "[decision_rule]") {
  const auto metrics = metrics_at_threshold(unbalanced(), .65, {{0, 1}, {5, 0}});
  REQUIRE(metrics.at("sensitivity_at_threshold") == Approx(300 / 7.0));
  REQUIRE(metrics.at("specificity_at_threshold") == Approx(95));
  REQUIRE(metrics.at("precision_at_threshold") == Approx(75));
  REQUIRE(metrics.at("cost_at_threshold") == Approx((1 + 5 * 4) / 27.0));
  const auto none = metrics_at_threshold(unbalanced(), 2, {});
  REQUIRE(none.count("precision_at_threshold") == 0);
  REQUIRE(none.count("cost_at_threshold") == 0);
  REQUIRE(none.at("specificity_at_threshold") == 100);
}

}  // namespace nas
