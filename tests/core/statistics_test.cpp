#include "nas/core/statistics.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/support/catch.hpp"

using namespace nas;

namespace {

const std::vector<double> kRising{1, 2, 3, 4, 5};

}  // namespace

TEST_CASE("Rank correlations are 1 for the same order and -1 for the opposite one") {
  const std::vector<double> curved{-9, 0.1, 0.2, 1e6, 1e9};
  const std::vector<double> falling{5, 4, 3, 2, -1e9};
  CHECK(*spearman(kRising, curved) == Approx(1));
  CHECK(*kendall(kRising, curved) == Approx(1));
  CHECK(*spearman(kRising, falling) == Approx(-1));
  CHECK(*kendall(kRising, falling) == Approx(-1));
}

TEST_CASE("Without ties rank correlations follow their closed forms") {
  // Squared differences of ranks 1, 1, 1, 1, 0; two of ten pairs are the other way round.
  const std::vector<double> swapped{20, 10, 40, 30, 50};
  CHECK(*spearman(kRising, swapped) == Approx(1 - 6.0 * 4 / (5 * 24)));
  CHECK(*kendall(kRising, swapped) == Approx(6.0 / 10));
}

TEST_CASE("Equals share their mean rank") {
  // Ranks 1.5, 1.5, 3.5, 3.5 against 1, 2, 3, 4: covariance 4, variances 4 and 5. Of the six pairs
  // four agree and two are tied in the first list.
  const std::vector<double> tied{7, 7, 9, 9};
  const std::vector<double> rising{1, 2, 3, 4};
  CHECK(*spearman(tied, rising) == Approx(4 / std::sqrt(20.0)));
  CHECK(*kendall(tied, rising) == Approx(4 / std::sqrt(24.0)));
}

TEST_CASE("A constant list, and one without two values, ranks nothing") {
  const std::vector<double> constant{3, 3, 3, 3, 3};
  CHECK_FALSE(spearman(kRising, constant));
  CHECK_FALSE(kendall(constant, kRising));
  CHECK_FALSE(spearman(std::vector<double>{1}, std::vector<double>{2}));
  CHECK_FALSE(kendall({}, {}));
}

TEST_CASE("Normal scores follow the ranks, equals alike, whatever the values") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto scores = normal_scores(std::vector<double>{5, -infinity, 5, 1000});
  CHECK(scores[0] == Approx(0).margin(1e-12));  // ranks 2.5, 1, 2.5 and 4 of 4
  CHECK(scores[2] == scores[0]);
  CHECK(scores[3] == Approx(0.5513 * std::log(7.0)));  // of the share 7/8
  CHECK(scores[1] == Approx(-scores[3]));
}
