#include "controllers/sobol_sequence.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "nas/core/random.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr size_t kDimensions = 64;

TEST_CASE("Every coordinate of the first 2^k points falls once into each of 2^k bins", "[sobol]") {
  const SobolSequence sequence(kDimensions, 5, "test");
  std::vector<std::set<int>> bins(kDimensions);
  for (int64_t i = 0; i < 256; ++i) {
    const auto point = sequence.point(i);
    for (size_t d = 0; d < kDimensions; ++d) bins[d].insert(static_cast<int>(point[d] * 256));
  }
  for (const auto& seen : bins) CHECK(seen.size() == 256);
}

/// Of dimensions 0 to 9 the two-dimensional nets: one of 2^k points in each elementary rectangle
/// that the quality parameter t allows.
TEST_CASE("Two coordinates fill a grid evenly", "[sobol]") {
  const SobolSequence sequence(10, 5, "test");
  for (size_t a = 0; a < 10; ++a) {
    for (size_t b = a + 1; b < 10; ++b) {
      std::vector<int> cells(64);
      for (int64_t i = 0; i < 4096; ++i) {
        const auto point = sequence.point(i);
        const auto row = static_cast<size_t>(point[a] * 8);
        ++cells[row * 8 + static_cast<size_t>(point[b] * 8)];
      }
      CHECK(*std::min_element(cells.begin(), cells.end()) == 64);
    }
  }
}

TEST_CASE("A scrambled sequence integrates a smooth function better than chance", "[sobol]") {
  const auto error = [](auto&& point_of) {
    double sum = 0;
    for (int64_t i = 0; i < 1024; ++i) {
      double product = 1;
      for (const double x : point_of(i)) product *= 1 + (x - 0.5);
      sum += product;
    }
    return std::abs(sum / 1024 - 1);
  };
  double even = 0;
  double random = 0;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const SobolSequence sequence(5, seed, "test");
    even += error([&](int64_t i) { return sequence.point(i); });
    random += error([&](int64_t i) {
      RandomStream stream(seed, "chance", static_cast<uint64_t>(i));
      std::vector<double> point(5);
      for (double& x : point) x = stream.uniform();
      return point;
    });
  }
  CHECK(even < random / 10);
}

TEST_CASE("Another seed gives another sequence, also beyond the table's dimensions", "[sobol]") {
  const auto of = [](uint64_t seed) { return SobolSequence(70, seed, "test").point(3); };
  CHECK(of(1) == of(1));
  const auto one = of(1);
  const auto other = of(2);
  for (size_t d = 0; d < 70; ++d) {
    CHECK(one[d] != other[d]);
    CHECK(one[d] >= 0);
    CHECK(one[d] < 1);
  }
}

}  // namespace
}  // namespace nas
