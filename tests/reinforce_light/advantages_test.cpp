#include "nas/reinforce/advantages.hpp"

#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("advantages are those worked out by hand, each environment its own", "[reinforce]") {
  // Two steps of two environments; discount .5, lambda .5.
  const std::vector<float> rewards{1, 0, 2, 4};
  const std::vector<float> values{1, 2, 3, 0, 4, 8};
  const auto found = advantages(rewards, values, 2, .5, .5);
  // Environment 0: errors 1 + .5*3 - 1 = 1.5 and 2 + .5*4 - 3 = 1; 1.5 + .25*1.
  REQUIRE(found[0] == Approx(1.75));
  REQUIRE(found[2] == Approx(1));
  // Environment 1: errors 0 + .5*0 - 2 = -2 and 4 + .5*8 - 0 = 8; -2 + .25*8.
  REQUIRE(found[1] == Approx(0).margin(1e-6));
  REQUIRE(found[3] == Approx(8));
}

}  // namespace nas
