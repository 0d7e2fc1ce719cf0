#include "nas/quantize/ranges.hpp"

#include "nas/core/random.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Normal numbers, and one far away.
std::vector<float> values_with_an_outlier() {
  RandomStream random(1, "test.values");
  std::vector<float> values{1000};
  for (int i = 0; i < 100'000; ++i) values.push_back(static_cast<float>(random.normal()));
  return values;
}

std::vector<Range> ranges_of(const std::vector<float>& values, RangeRule rule) {
  ValueLimits limits(1);
  limits.add(0, values);
  ValueHistograms histograms(limits.ranges());
  histograms.add(0, values);
  return histograms.ranges(rule);
}

}  // namespace

TEST_CASE("The limits are those of all values that a node had") {
  ValueLimits limits(2);
  limits.add(0, std::vector<float>{3, 5});
  limits.add(0, std::vector<float>{-1, 4});
  CHECK(limits.ranges()[0] == Range{-1, 5});
  CHECK(limits.ranges()[1] == Range{0, 0});
}

TEST_CASE("Ranges by percentile and by error leave an outlier out, that of all does not") {
  const auto values = values_with_an_outlier();
  CHECK(ranges_of(values, RangeRule::min_max)[0].high == 1000);
  CHECK(ranges_of(values, RangeRule::percentile)[0].high < 10);
}

TEST_CASE("The range by error is where rounding and cutting cost the least together") {
  // Laplace numbers, whose tails are worth cutting at 256 steps.
  RandomStream random(2, "test.values");
  std::vector<float> values;
  for (int i = 0; i < 200'000; ++i) {
    const double sign = random.below(2) == 0 ? -1 : 1;
    values.push_back(static_cast<float>(-sign * std::log(1 - random.uniform())));
  }
  const Range all = ranges_of(values, RangeRule::min_max)[0];
  const Range best = ranges_of(values, RangeRule::mse)[0];
  CHECK(best.high < 0.95F * all.high);
  const auto error = [&](const Range& range) {
    const double step = (range.high - range.low) / 255.0;
    double sum = 0;
    for (const float value : values) {
      const double cut = std::clamp<double>(value, range.low, range.high);
      const double kept = range.low + std::nearbyint((cut - range.low) / step) * step;
      sum += (kept - value) * (kept - value);
    }
    return sum;
  };
  CHECK(error(best) < error(all));
  CHECK(error(best) < error({0.8F * best.low, 0.8F * best.high}));
}

}  // namespace nas
