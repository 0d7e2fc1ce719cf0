#include "controllers/gp_embedding.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"kind", Categorical{{"a", "b", "c"}}, std::nullopt},
                       {"x", RealInterval{0, 1}, std::nullopt},
                       {"y", RealInterval{0, 1}, Condition{0, {1, 2}}},
                       {"size", Categorical{{"s", "m", "l"}, true, {}}, std::nullopt}};

double squared_distance(const Features& a, const Features& b) {
  const GpEmbedding embedding(kChoices);
  const std::vector<double> none(kChoices.size());
  const auto at = embedding.embed(a, none, none).at;
  const auto other = embedding.embed(b, none, none).at;
  double sum = 0;
  for (size_t i = 0; i < at.size(); ++i) sum += (at[i] - other[i]) * (at[i] - other[i]);
  return sum;
}

TEST_CASE("Different options are at distance 1, whichever they are") {
  CHECK(squared_distance({1, 0.5, 0.3, 0.5}, {2, 0.5, 0.3, 0.5}) == Approx(1));
  CHECK(squared_distance({0, 0.5, NAN, 0.5}, {0, 0.5, NAN, 0.5}) == 0);
}

TEST_CASE("Numbers and ordered options are as far apart as their places") {
  CHECK(squared_distance({0, 0.1, NAN, 0.5}, {0, 0.4, NAN, 0.5}) == Approx(0.09));
  CHECK(squared_distance({0, 0.1, NAN, 1.0 / 6}, {0, 0.1, NAN, 5.0 / 6}) == Approx(4.0 / 9));
}

TEST_CASE("A number that is not there is equally far from all its values") {
  const double distance = squared_distance({0, 0.5, NAN, 0.5}, {1, 0.5, 0, 0.5});
  for (const double y : {0.1, 0.5, 1.0}) {
    CHECK(squared_distance({0, 0.5, NAN, 0.5}, {1, 0.5, y, 0.5}) == Approx(distance));
  }
  CHECK(squared_distance({1, 0.5, 0.3, 0.5}, {1, 0.5, 0.35, 0.5}) == Approx(0.0025).epsilon(0.01));
}

TEST_CASE("The warp spreads one end of the range and keeps the order") {
  const Choices one{{"x", RealInterval{0, 1}, std::nullopt}};
  const GpEmbedding embedding(one);
  const auto at = [&](double place, double log_a) {
    const std::vector<double> a{log_a};
    const std::vector<double> b{0};
    return embedding.embed({place}, a, b).at[0];
  };
  CHECK(at(0.2, -0.7) - at(0.1, -0.7) > 0.1);
  CHECK(at(0.9, -0.7) - at(0.8, -0.7) < 0.1);
  CHECK(at(0.3, -0.7) < at(0.4, -0.7));
  CHECK(at(0.3, 0) == Approx(0.3));
}

}  // namespace
}  // namespace nas
