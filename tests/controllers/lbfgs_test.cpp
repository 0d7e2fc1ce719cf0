#include "controllers/lbfgs.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace nas {
namespace {

double rosenbrock(std::span<const double> x, std::span<double> gradient) {
  const double a = x[1] - x[0] * x[0];
  const double b = 1 - x[0];
  gradient[0] = -400 * x[0] * a - 2 * b;
  gradient[1] = 200 * a;
  return 100 * a * a + b * b;
}

TEST_CASE("L-BFGS finds the end of a curved valley in few steps") {
  int64_t calls = 0;
  const Differentiable counted = [&](std::span<const double> x, std::span<double> gradient) {
    ++calls;
    return rosenbrock(x, gradient);
  };
  const auto found = minimize(counted, {-1.2, 1}, {{-5, -5}, {5, 5}}, {200, 8, 1e-8, 0});
  CHECK(found.x[0] == Approx(1).margin(1e-6));
  CHECK(found.x[1] == Approx(1).margin(1e-6));
  CHECK(calls < 120);
}

TEST_CASE("L-BFGS stops at bounds and slides along them") {
  // Within x <= 0.5 the least value is at (0.5, 0.25).
  const auto found = minimize(rosenbrock, {-1.2, 1}, {{-5, -5}, {0.5, 5}}, {200, 8, 1e-8, 0});
  CHECK(found.x[0] == 0.5);
  CHECK(found.x[1] == Approx(0.25).margin(1e-6));
}

TEST_CASE("L-BFGS leaves a coordinate between equal bounds alone, and moves a start into the box") {
  const auto found = minimize(rosenbrock, {9, 9}, {{-5, 0.64}, {5, 0.64}}, {200, 8, 1e-8, 0});
  CHECK(found.x[1] == 0.64);
  CHECK(std::fabs(found.x[0]) == Approx(0.8).margin(0.01));
}

TEST_CASE("L-BFGS turns back where the function is not a number") {
  const Differentiable half = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 1 - 1 / x[0];
    return x[0] - std::log(x[0]);  // least at 1, nothing below 0
  };
  const auto found = minimize(half, {30}, {{-100}, {100}}, {100, 8, 1e-8, 0});
  CHECK(found.x[0] == Approx(1).margin(1e-5));
}

}  // namespace
}  // namespace nas
