#include "nas/config/scalar.hpp"

#include <limits>

#include "tests/support/catch.hpp"

using namespace nas;

TEST_CASE("Only true and false are booleans") {
  CHECK(parse_boolean("true") == true);
  CHECK(parse_boolean("false") == false);
  for (const char* text : {"yes", "no", "on", "True", "TRUE", "1", "0", "", "y"}) {
    CHECK_FALSE(parse_boolean(text).has_value());
  }
}

TEST_CASE("Whole numbers are decimal, with exponents and suffixes where they stay whole") {
  CHECK(parse_integer("010") == 10);
  CHECK(parse_integer("-3") == -3);
  CHECK(parse_integer("+3") == 3);
  CHECK(parse_integer("1e6") == 1'000'000);
  CHECK(parse_integer("1.5M") == 1'500'000);
  CHECK(parse_integer("1.001K") == 1'001);
  CHECK(parse_integer("4.35K") == 4'350);
  CHECK(parse_integer("32k") == 32'000);
  CHECK(parse_integer("2G") == 2'000'000'000);
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<int64_t>::max());
  CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<int64_t>::min());
  for (const char* text :
       {"",     "1.5", "1.0005K", "0x10", "0o17", "1_000", "1,000", "ten", "1 0",
        " 1",   "1 ",  "K",       "--1",  "+-1",  "1e",    "inf",   "nan", "9223372036854775808",
        "1e19", "1KK", "1e3K",    "1s"}) {
    INFO(text);
    CHECK_FALSE(parse_integer(text).has_value());
  }
}

TEST_CASE("Numbers are finite decimals") {
  CHECK(parse_real("0.1") == 0.1);
  CHECK(parse_real("1e-5") == 1e-5);
  CHECK(parse_real(".5") == 0.5);
  CHECK(parse_real("5.") == 5.0);
  CHECK(parse_real("+2") == 2.0);
  CHECK(parse_real("-0") == 0.0);
  for (const char* text : {"", "inf", "-inf", "nan", ".inf", ".nan", "1e999", "0x1p3", "1,5",
                           "1.2.3", "+-1", "++1", "1e", "e1", ".", "-", "1 "}) {
    INFO(text);
    CHECK_FALSE(parse_real(text).has_value());
  }
}

TEST_CASE("Durations are seconds, with a unit or without") {
  CHECK(parse_duration("90") == 90.0);
  CHECK(parse_duration("90s") == 90.0);
  CHECK(parse_duration("1.5m") == 90.0);
  CHECK(parse_duration("2h") == 7200.0);
  CHECK(parse_duration("1d") == 86400.0);
  for (const char* text :
       {"", "h", "2 h", "2H", "2hours", "1h30m", "2min", "1e308d", "2 fortnights"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("A number is written so that it reads back as the same number") {
  for (const double value :
       {0.0, 0.1, 1.0 / 3, 1e-300, 5e-324, 1.7976931348623157e308, -2.5e-8, 123456789.0, 1e22}) {
    CHECK(parse_real(real_text(value)) == value);
  }
  CHECK(real_text(0.1) == "0.1");
  CHECK(real_text(60) == "60");
}
