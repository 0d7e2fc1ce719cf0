#include "nas/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "nas/core/statistics.hpp"
#include "tests/support/catch.hpp"

using namespace nas;

namespace {

using Words = std::array<uint32_t, 4>;

std::vector<uint64_t> draw(RandomStream stream, int count) {
  std::vector<uint64_t> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(stream.bits());
  return numbers;
}

}  // namespace

TEST_CASE("Philox gives the numbers of its authors' known-answer file") {
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("A stream depends on its seed, purpose and index alone") {
  CHECK(draw(RandomStream(7, "mutate", 3), 50) == draw(RandomStream(7, "mutate", 3), 50));
  std::set<uint64_t> firsts;
  for (uint64_t seed : {0, 1, 2}) {
    for (const char* purpose : {"mutate", "mutatf", ""}) {
      for (uint64_t index : {0, 1, 2}) firsts.insert(RandomStream(seed, purpose, index).bits());
    }
  }
  CHECK(firsts.size() == 27);
  CHECK(draw(RandomStream(1, "a", uint64_t{1} << 32), 4) != draw(RandomStream(1, "a", 0), 4));
  CHECK(draw(RandomStream(uint64_t{1} << 32, "a"), 4) != draw(RandomStream(0, "a"), 4));
}

TEST_CASE("A stream does not repeat itself") {
  const auto numbers = draw(RandomStream(0, "x"), 10'000);
  CHECK(std::set<uint64_t>(numbers.begin(), numbers.end()).size() == numbers.size());
}

TEST_CASE("A stream gives the same numbers in every version of the program") {
  // Runs are resumed by later versions: these may never change.
  RandomStream stream(42, "example", 7);
  CHECK(stream.bits() == 0xA05A45A521E6D04D);
  CHECK(stream.bits() == 0x5615D1BD70B853C8);
  CHECK(stream.bits() == 0x17AA0B418ED3852C);
  CHECK(derive_seed(42, "example", 7) == 0x502D22D290F36826);
}

TEST_CASE("Uniform numbers lie in [0, 1) with the right mean and spread") {
  RandomStream stream(1, "uniform");
  std::vector<double> numbers(100'000);
  for (auto& number : numbers) number = stream.uniform();
  CHECK(*std::min_element(numbers.begin(), numbers.end()) >= 0);
  CHECK(*std::max_element(numbers.begin(), numbers.end()) < 1);
  CHECK(mean(numbers) == Approx(0.5).margin(0.005));
  CHECK(standard_deviation(numbers) == Approx(std::sqrt(1.0 / 12)).margin(0.003));
}

TEST_CASE("Normal numbers have mean 0, deviation 1 and normal tails") {
  RandomStream stream(2, "normal");
  std::vector<double> numbers(100'000);
  for (auto& number : numbers) number = stream.normal();
  CHECK(mean(numbers) == Approx(0).margin(0.015));
  CHECK(standard_deviation(numbers) == Approx(1).margin(0.01));
  const auto outside = std::count_if(numbers.begin(), numbers.end(),
                                     [](double number) { return std::abs(number) > 1.96; });
  CHECK(static_cast<double>(outside) / 100'000 == Approx(0.05).margin(0.003));
}

TEST_CASE("Whole numbers below a bound are evenly spread") {
  RandomStream stream(3, "below");
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts[static_cast<size_t>(stream.below(7))];
  for (const int count : counts) CHECK(count == Approx(10'000).margin(400));
  CHECK(stream.below(1) == 0);
  // A bound of 3/4 of the range: a plain remainder would favour the lower third by two to one.
  const int64_t bound = (int64_t{1} << 62) / 2 * 3;
  int low_third = 0;
  for (int i = 0; i < 30'000; ++i) low_third += stream.below(bound) < bound / 3 ? 1 : 0;
  CHECK(low_third == Approx(10'000).margin(400));
}

TEST_CASE("Shuffling keeps the items and gives every order its share") {
  RandomStream stream(4, "shuffle");
  std::vector<int> seen(6);
  for (int i = 0; i < 6'000; ++i) {
    std::vector<int> items{0, 1, 2};
    stream.shuffle(items);
    REQUIRE(std::set<int>(items.begin(), items.end()).size() == 3);
    ++seen[static_cast<size_t>(items[0] * 2 + (items[1] > items[2] ? 1 : 0))];
  }
  for (const int count : seen) CHECK(count == Approx(1'000).margin(150));
}

TEST_CASE("Derived seeds are different and fit a signed number") {
  std::set<uint64_t> seeds;
  for (uint64_t trial = 0; trial < 1'000; ++trial) {
    seeds.insert(derive_seed(5, "trial", trial));
    CHECK(derive_seed(5, "trial", trial) <= uint64_t{INT64_MAX});
  }
  CHECK(seeds.size() == 1'000);
}
