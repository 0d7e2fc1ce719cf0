#include "nas/core/decision_metrics.hpp"

#include <limits>
#include <set>

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

// The values below by scikit-learn, with y, p as in `unbalanced` and h = (p > .5):
//   balanced_accuracy_score(y, h), roc_auc_score(y, p), average_precision_score(y, p),
//   brier_score_loss(y, p)
//   f, t, _ = roc_curve(y, p, drop_intermediate=False); max(t[f <= .05])
// and by NumPy:
//   c = maximum(p, 1 - p); b = clip(ceil(c * 15) - 1, 0, 14)
//   sum(abs((c - (h == y))[b == k].sum()) for k in range(15)) / len(y)
//   mean(where(y == 1, 5 * (p <= 1 / 6), p > 1 / 6))
TEST_CASE("metrics of two classes are those of scikit-learn", "[decision_metrics]") {
  const auto metrics = decision_metrics(unbalanced(), {{{0, 1}, {5, 0}}});
  REQUIRE(metrics.at("balanced_accuracy") == Approx(71.07142857142856));
  REQUIRE(metrics.at("roc_auc") == Approx(0.8035714285714286));
  REQUIRE(metrics.at("average_precision") == Approx(0.6231292517006803));
  REQUIRE(metrics.at("brier") == Approx(0.15751851851851853));
  REQUIRE(metrics.at("sensitivity_at_95_specificity") == Approx(42.857142857142855));
  REQUIRE(metrics.at("calibration_error") == Approx(0.1340740740740741));
  REQUIRE(metrics.at("expected_cost") == Approx(0.6296296296296297));
  REQUIRE(metrics.size() == 7);
}

TEST_CASE("with equal costs the likeliest class costs least", "[decision_metrics]") {
  // 17 of 20 and 4 of 7 are right.
  REQUIRE(expected_cost(unbalanced(), {{0, 1}, {1, 0}}) == Approx(6 / 27.0));
}

// By scikit-learn, for r in (.2, .5, 5 / 7, 1):
//   p, r_, _ = precision_recall_curve(y, p); max(p[r_ >= r])
TEST_CASE("precision at a recall is that of scikit-learn", "[decision_metrics]") {
  REQUIRE(precision_at_recall(unbalanced(), .2) == Approx(0.75));
  REQUIRE(precision_at_recall(unbalanced(), .5) == Approx(0.6666666666666666));
  REQUIRE(precision_at_recall(unbalanced(), 5 / 7.0) == Approx(0.5));
  REQUIRE(precision_at_recall(unbalanced(), 1) == Approx(0.35));
  const auto metrics = decision_metrics(unbalanced(), {{}, .5});
  REQUIRE(metrics.at("precision_at_recall") == Approx(100 * 0.6666666666666666));
}

TEST_CASE("of more than two classes there are balanced accuracy and cost", "[decision_metrics]") {
  const Decisions decisions{3, {.5, .3, .2, .1, .8, .1, .2, .3, .5, .4, .35, .25}, {0, 1, 1, 0}};
  REQUIRE(decision_metrics(decisions, {}).empty());
  // balanced_accuracy_score([0, 1, 1, 0], [0, 1, 2, 0])
  const auto metrics = decision_metrics(decisions, {{{0, 1, 1}, {1, 0, 8}, {1, 1, 0}}});
  REQUIRE(metrics.at("balanced_accuracy") == Approx(75));
  // The third is decided for class 1 as 2 would cost 8 times .3.
  REQUIRE(metrics.at("expected_cost") == Approx(0));
  REQUIRE(metrics.size() == 2);
}

TEST_CASE("what is not defined is not told", "[decision_metrics]") {
  const Decisions one_class{2, {.4, .6, .7, .3}, {1, 1}};
  REQUIRE(decision_metrics(one_class, {}).count("roc_auc") == 0);
  REQUIRE(decision_metrics(one_class, {}).at("balanced_accuracy") == Approx(50));
  REQUIRE(decision_metrics({2, {}, {}}, {}).empty());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(decision_metrics({2, {nan, nan, .5, .5}, {0, 1}}, {}).empty());
}

TEST_CASE("the names of metrics are those that decisions of two classes give",
          "[decision_metrics]") {
  for (const DecisionQuestions& questions :
       {DecisionQuestions{}, DecisionQuestions{{{0, 1}, {5, 0}}, 0}, DecisionQuestions{{}, .5}}) {
    std::set<std::string> told;
    for (const auto& [name, value] : decision_metrics(unbalanced(), questions)) told.insert(name);
    const auto names = decision_metric_names(questions);
    REQUIRE(told == std::set<std::string>(names.begin(), names.end()));
  }
}

}  // namespace nas
