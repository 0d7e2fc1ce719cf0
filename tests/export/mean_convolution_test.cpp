#include "nas/export/mean_convolution.hpp"

#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("A pool without padding is a convolution without factors") {
  const MeanConvolution mean = mean_convolution({2, 2, 0}, {3, 8, 8}, {3, 4, 4}, 255);
  CHECK(mean.plain);
}

TEST_CASE("Where a window of three reaches into padding its sum counts for more, exactly") {
  for (const int64_t most : {127, 255}) {
    const MeanConvolution mean = mean_convolution({3, 1, 1}, {3, 4, 5}, {3, 4, 5}, most);
    CHECK_FALSE(mean.plain);
    REQUIRE(mean.factors.size() == 20);
    CHECK(mean.factors[0] * 4 == mean.one * 9);  // a corner
    CHECK(mean.factors[1] * 6 == mean.one * 9);  // a border
    CHECK(mean.factors[6] == mean.one);
    CHECK(mean.factors[0] <= most);
    CHECK(mean.one > most / 4);
  }
}

TEST_CASE("With a stride the window may reach over one end only") {
  const MeanConvolution mean = mean_convolution({3, 2, 1}, {1, 4, 4}, {1, 2, 2}, 255);
  CHECK(mean.factors[0] * 4 == mean.one * 9);
  CHECK(mean.factors[3] == mean.one);
}

}  // namespace nas
