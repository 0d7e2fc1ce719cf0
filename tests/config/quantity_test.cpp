#include "nas/config/quantity.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

void expect(const char* text, double value, Dimension dimension) {
  INFO(text);
  const auto quantity = parse_quantity(text);
  REQUIRE(quantity);
  CHECK(quantity->value == value);
  CHECK(quantity->dimension == dimension);
}

}  // namespace

TEST_CASE("A number with a unit is read in seconds, bytes, joules or as a count") {
  expect("5ms", 0.005, Dimension::time);
  expect("20 us", 20e-6, Dimension::time);
  expect("1.5s", 1.5, Dimension::time);
  expect("1e-3s", 0.001, Dimension::time);
  expect("64B", 64, Dimension::memory);
  expect("256KB", 256'000, Dimension::memory);
  expect("1.001MB", 1'001'000, Dimension::memory);
  expect("2GB", 2e9, Dimension::memory);
  expect("256KiB", 262'144, Dimension::memory);
  expect("1.5MiB", 1'572'864, Dimension::memory);
  expect("1GiB", 1'073'741'824, Dimension::memory);
  expect("2mJ", 0.002, Dimension::energy);
  expect("30uJ", 30e-6, Dimension::energy);
  expect("1J", 1, Dimension::energy);
  expect("1.001k", 1001, Dimension::count);
  expect("3K", 3000, Dimension::count);
  expect("1.5M", 1.5e6, Dimension::count);
  expect("2G", 2e9, Dimension::count);
  expect("92.5", 92.5, Dimension::count);
}

TEST_CASE("What is no number with a known unit is refused") {
  for (const char* text : {"", "ms", "5 mss", "5m", "five ms", "5kb", "5 KBs", "5MJ", "1e999",
                           "1,5s", "5mib", "nan", "5ms 3ms"}) {
    INFO(text);
    CHECK_FALSE(parse_quantity(text));
  }
}

}  // namespace nas
