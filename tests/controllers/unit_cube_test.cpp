#include "controllers/unit_cube.hpp"

#include <cmath>

#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                       {"rate", RealInterval{1e-5, 1, true}, Condition{0, {1}}},
                       {"width", IntegerInterval{1, 4096, true}, std::nullopt},
                       {"depth", IntegerInterval{-3, 6}, std::nullopt},
                       {"size", Categorical{{"s", "m", "l", "xl"}, true}, std::nullopt},
                       {"fixed", RealInterval{2, 2}, std::nullopt}};

TEST_CASE("A point comes back from its coordinates in the unit cube", "[unit_cube]") {
  const UnitCube cube(kChoices);
  for (uint64_t i = 0; i < 500; ++i) {
    RandomStream random(1, "unit_cube", i);
    const Point point = sample(kChoices, random);
    const auto coordinates = cube.encode(point);
    const Point back = cube.decode(coordinates);
    for (size_t choice = 0; choice < kChoices.size(); ++choice) {
      CHECK(cube.active(choice, coordinates) == is_active(kChoices[choice], point.values));
    }
    REQUIRE_NOTHROW(check(kChoices, back));
    for (size_t choice = 0; choice < kChoices.size(); ++choice) {
      if (const auto* real = std::get_if<double>(&point.values[choice])) {
        CHECK(std::get<double>(back.values[choice]) == Approx(*real));
      } else {
        CHECK(back.values[choice] == point.values[choice]);
      }
    }
  }
}

TEST_CASE("Coordinates are the middles of equal bins, logarithms, indices, or absent",
          "[unit_cube]") {
  const UnitCube cube(kChoices);
  const auto at =
      cube.encode(Point{{int64_t{1}, 1e-5, int64_t{4096}, int64_t{-3}, int64_t{3}, 2.0}});
  CHECK(at[0] == 1);
  CHECK(at[1] == 0);
  CHECK(at[2] < 1);
  CHECK(at[2] == Approx(1).margin(1e-4));
  CHECK(at[3] == Approx(0.05));
  CHECK(at[4] == Approx(0.875));
  CHECK(at[5] == 0.5);
  CHECK(std::isnan(cube.coordinate(1, Value{})));
  CHECK(cube.bin(3, 0.05).second == Approx(0.1));
}

TEST_CASE("Coordinates beyond the cube become its nearest values", "[unit_cube]") {
  const UnitCube cube(kChoices);
  CHECK(cube.value(1, 1.5) == Value{1.0});
  CHECK(cube.value(1, -0.5) == Value{1e-5});
  CHECK(cube.value(2, 7) == Value{int64_t{4096}});
  CHECK(cube.value(3, -1) == Value{int64_t{-3}});
  CHECK(cube.value(0, 9) == Value{int64_t{2}});
  CHECK(cube.value_of_share(0, 1) == Value{int64_t{2}});
}

TEST_CASE("Even shares give each option and each whole number equally often", "[unit_cube]") {
  const UnitCube cube(kChoices);
  std::vector<int> options(3);
  std::vector<int> depths(10);
  for (int i = 0; i < 300; ++i) {
    const double share = (i + 0.5) / 300;
    ++options[static_cast<size_t>(std::get<int64_t>(cube.value_of_share(0, share)))];
    ++depths[static_cast<size_t>(std::get<int64_t>(cube.value_of_share(3, share)) + 3)];
  }
  CHECK(options == std::vector<int>(3, 100));
  CHECK(depths == std::vector<int>(10, 30));
}

}  // namespace
}  // namespace nas
