#include "controllers/tpe_split.hpp"

#include <algorithm>
#include <numeric>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST_CASE("Weights of the good grow with what they are above the best of the rest", "[tpe]") {
  const std::vector<Utilities> all{{1}, {5}, {2}, {4}};
  const std::vector<size_t> order{1, 3, 2, 0};
  const auto good = best_by_utility(all, order, 2);
  CHECK(good.indices == std::vector<size_t>{1, 3});
  CHECK(good.weights[0] > good.weights[1]);
  CHECK(sum_of(good.weights) == Approx(2));
}

TEST_CASE("Equal utilities weigh alike, and all may be good", "[tpe]") {
  const std::vector<Utilities> equal{{3}, {3}, {3}};
  const auto good = best_by_utility(equal, std::vector<size_t>{0, 1, 2}, 2);
  CHECK(good.weights == std::vector<double>{1, 1});
  CHECK(best_by_utility(equal, std::vector<size_t>{0, 1, 2}, 3).indices.size() == 3);
}

TEST_CASE("Fronts are taken in order, and of the last one the widest part", "[tpe]") {
  const std::vector<Utilities> all{{0, 0}, {3, 1}, {1, 3}, {2, 2}, {2.1, 1.95}, {0.5, 0.5}};
  const auto two = best_by_fronts(all, 2);
  CHECK(std::count(two.indices.begin(), two.indices.end(), 0) == 0);
  CHECK(std::count(two.indices.begin(), two.indices.end(), 5) == 0);
  auto five = best_by_fronts(all, 5).indices;
  std::sort(five.begin(), five.end());
  CHECK(five == std::vector<size_t>{1, 2, 3, 4, 5});
  // Of two neighbours in the middle of the front one is enough.
  auto three = best_by_fronts(all, 3).indices;
  std::sort(three.begin(), three.end());
  CHECK((three == std::vector<size_t>{1, 2, 3} || three == std::vector<size_t>{1, 2, 4}));
}

TEST_CASE("A point that adds much volume weighs more than one beside another", "[tpe]") {
  const std::vector<Utilities> all{{0, 4}, {4, 0}, {2.9, 3}, {3, 2.9}, {3, 2.8}};
  const auto good = best_by_fronts(all, 4);
  REQUIRE(good.indices.size() == 4);
  CHECK(sum_of(good.weights) == Approx(4));
  const auto weight = [&](size_t index) {
    const auto at = std::find(good.indices.begin(), good.indices.end(), index);
    return good.weights[static_cast<size_t>(at - good.indices.begin())];
  };
  CHECK(weight(0) > weight(2));
  CHECK(weight(1) > weight(3));
}

}  // namespace
}  // namespace nas
