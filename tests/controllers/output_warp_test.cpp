#include "controllers/output_warp.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

const std::vector<double> kValues{3, 1, 400, 2, 30, 5};

TEST_CASE("With power 1 values are standardised and nothing else") {
  const auto warped = warp_output(kValues, 1, 0.3).values;
  for (size_t i = 0; i + 2 < warped.size(); ++i) {
    const double ratio = (warped[i] - warped[i + 1]) / (warped[i + 1] - warped[i + 2]);
    CHECK(ratio == Approx((kValues[i] - kValues[i + 1]) / (kValues[i + 1] - kValues[i + 2])));
  }
  double sum = 0;
  double squares = 0;
  for (const double value : warped) {
    sum += value;
    squares += value * value;
  }
  CHECK(sum == Approx(0).margin(1e-12));
  CHECK(squares == Approx(6));
}

TEST_CASE("Smaller powers spread the good values, and the order always stays") {
  const auto spread = [](double power) {
    const auto warped = warp_output(kValues, power, -2).values;
    return (warped[0] - warped[1]) / (warped[2] - warped[1]);  // of values 1, 3, 400
  };
  CHECK(spread(0) > 0.2);
  CHECK(spread(0) > spread(0.5));
  CHECK(spread(0.5) > spread(1));
  CHECK(spread(1) > spread(1.5));
  CHECK(spread(1.5) > 0);
}

TEST_CASE("Slopes of the warp and of its Jacobian agree with finite differences") {
  for (const double power : {-0.4, 0.0, 0.3, 1.0, 1.7}) {
    const double step = 1e-5;
    const auto at = warp_output(kValues, power, -0.5);
    const auto up = warp_output(kValues, power + step, -0.5);
    const auto down = warp_output(kValues, power - step, -0.5);
    const auto right = warp_output(kValues, power, -0.5 + step);
    const auto left = warp_output(kValues, power, -0.5 - step);
    const auto slope = [step](double above, double below) {
      return Approx((above - below) / (2 * step)).epsilon(1e-5).margin(1e-6);
    };
    INFO("power " << power);
    for (size_t i = 0; i < kValues.size(); ++i) {
      CHECK(at.by_power[i] == slope(up.values[i], down.values[i]));
      CHECK(at.by_log_offset[i] == slope(right.values[i], left.values[i]));
    }
    CHECK(at.log_jacobian_by_power == slope(up.log_jacobian, down.log_jacobian));
    CHECK(at.log_jacobian_by_log_offset == slope(right.log_jacobian, left.log_jacobian));
  }
}

TEST_CASE("Equal values become zeros") {
  const auto warped = warp_output(std::vector<double>{4, 4, 4}, 0.5, 0);
  CHECK(warped.values == std::vector<double>{0, 0, 0});
}

}  // namespace
}  // namespace nas
