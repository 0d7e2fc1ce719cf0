#include "nas/search/hypervolume.hpp"

#include <limits>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

double volume(const std::vector<Utilities>& points, const Utilities& reference) {
  return hypervolume(points, reference);
}

TEST_CASE("The hypervolume of one point is that of its box, whatever the number of objectives") {
  CHECK(volume({{3}}, {1}) == 2);
  CHECK(volume({{3, 4}}, {1, 1}) == 6);
  CHECK(volume({{3, 4, 2}}, {1, 1, 0}) == 12);
  CHECK(volume({{3, 4, 2, 5}}, {1, 1, 0, 4}) == 12);
}

TEST_CASE("The hypervolume counts overlapping areas once") {
  // Steps of 3 x 1, 2 x 1 and 1 x 1 above each other.
  CHECK(volume({{1, 3}, {3, 1}, {2, 2}}, {0, 0}) == 6);
  CHECK(volume({{1, 3}, {3, 1}, {2, 2}, {1, 1}, {2, 2}}, {0, 0}) == 6);
  CHECK(volume({{1, 3}, {1, 2}, {1, 1}}, {0, 0}) == 3);
}

TEST_CASE("The hypervolume in three and four objectives follows inclusion and exclusion") {
  // Three boxes of volume 4; each two share a unit cube, which all three share: 12 - 3 + 1.
  const std::vector<Utilities> three{{4, 1, 1}, {1, 4, 1}, {1, 1, 4}};
  CHECK(volume(three, {0, 0, 0}) == 10);
  // 2*2*1 + 2*1*2 - 2*1*1.
  CHECK(volume({{2, 2, 1}, {2, 1, 2}}, {0, 0, 0}) == 6);
  CHECK(volume({{2, 2, 1, 1}, {1, 1, 2, 2}}, {0, 0, 0, 0}) == 7);
  CHECK(volume({{2, 2, 1, 3}, {2, 1, 2, 3}}, {0, 0, 0, 1}) == 12);
}

TEST_CASE("Points that are not better than the reference add no hypervolume") {
  CHECK(volume({}, {0, 0}) == 0);
  CHECK(volume({{0, 5}, {5, 0}, {-1, 9}}, {0, 0}) == 0);
  CHECK(volume({{0, 5}, {2, 2}}, {0, 0}) == 4);
  CHECK(volume({{0, 5, 5}, {1, 1, 1}}, {0, 0, 0}) == 1);
}

TEST_CASE("Fronts are peeled off one after another") {
  const std::vector<Utilities> all{{1, 1}, {3, 1}, {1, 3}, {2, 2}, {0, 0}, {2, 2}};
  CHECK(sorted_fronts(all) == std::vector<std::vector<size_t>>{{1, 2, 3, 5}, {0}, {4}});
  CHECK(sorted_fronts(std::vector<Utilities>{}).empty());
  CHECK(dominates({2, 1}, {1, 1}));
  CHECK_FALSE(dominates({1, 1}, {1, 1}));
  CHECK_FALSE(dominates({2, 0}, {1, 1}));
}

TEST_CASE("Crowding distances are the normalised sides of the box between neighbours") {
  const std::vector<Utilities> all{{0, 10}, {1, 6}, {3, 4}, {4, 0}};
  const std::vector<size_t> front{2, 0, 1, 3};
  const double infinite = std::numeric_limits<double>::infinity();
  const auto distances = crowding_distances(all, front);
  CHECK(distances[0] == Approx(3.0 / 4 + 6.0 / 10));
  CHECK(distances[2] == Approx(3.0 / 4 + 6.0 / 10));
  CHECK(distances[1] == infinite);
  CHECK(distances[3] == infinite);
}

}  // namespace
}  // namespace nas
