#include "nas/core/text.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "nas/core/statistics.hpp"
#include "tests/support/catch.hpp"

using namespace nas;

TEST_CASE("The nearest name is the one with the fewest typing mistakes") {
  constexpr std::array<std::string_view, 4> kNames{"epochs", "batch_size", "learning_rate", "lr"};
  CHECK(nearest("epoch", kNames) == "epochs");
  CHECK(nearest("epcohs", kNames) == "epochs");
  CHECK(nearest("batchsize", kNames) == "batch_size");
  CHECK(nearest("lerning_rat", kNames) == "learning_rate");
  CHECK(nearest("rl", kNames) == "lr");
  CHECK(nearest("momentum", kNames).empty());
  CHECK(nearest("", kNames) == "lr");
  CHECK(nearest("epochs", {}).empty());
}

TEST_CASE("A swap of neighbours is one mistake") {
  constexpr std::array<std::string_view, 2> kNames{"bca", "adc"};
  // From "abdc" to "bca" it takes three edits, to "adc" one, were a swap two both were nearer.
  CHECK(nearest("abdc", kNames) == "adc");
  constexpr std::array<std::string_view, 2> kSwapped{"axxd", "abdc"};
  CHECK(nearest("abcd", kSwapped) == "abdc");
}

TEST_CASE("A name of a megabyte is compared in no time") {
  constexpr std::array<std::string_view, 1> kNames{"epochs"};
  CHECK(nearest(std::string(1 << 20, 'e'), kNames).empty());
}

TEST_CASE("Text from outside is shown in one line without control characters") {
  CHECK(printable("plain \xC3\xA4") == "plain \xC3\xA4");
  CHECK(printable("a\nb\x1b[31m\x7f") == "a\\x0ab\\x1b[31m\\x7f");
  CHECK(printable(std::string(200, 'x')) == std::string(200, 'x'));
  CHECK(printable(std::string(201, 'x')) == std::string(200, 'x') + "...");
  // A character of two bytes over the border is left out whole.
  CHECK(printable(std::string(199, 'x') + "\xC3\xA4") == std::string(199, 'x') + "...");
}

TEST_CASE("Bytes that are no UTF-8 are found, and shown as such") {
  CHECK(utf8_prefix("") == 0);
  CHECK(utf8_prefix("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") == 10);
  for (const auto* odd : {"\xE4", "\xC3", "\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xFF"}) {
    CHECK(utf8_prefix(std::string("ab") + odd) == 2);
  }
  CHECK(printable("gr\xFCn \xC3") == "gr\\xfcn \\xc3");
}

TEST_CASE("Counts are short and never show a thousand of the smaller unit") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(9999) == "9999");
  CHECK(format_count(12'345) == "12.3K");
  CHECK(format_count(999'949) == "999.9K");
  CHECK(format_count(999'950) == "1.00M");
  CHECK(format_count(1'234'567) == "1.23M");
  CHECK(format_count(999'994'999) == "999.99M");
  CHECK(format_count(999'995'000) == "1.00G");
  CHECK(format_count(1'815'000'000) == "1.81G");
}

TEST_CASE("Durations are shown in the units that matter") {
  CHECK(format_duration(0) == "0.0 s");
  CHECK(format_duration(4.21) == "4.2 s");
  CHECK(format_duration(59.94) == "59.9 s");
  CHECK(format_duration(59.96) == "1 min 0 s");
  CHECK(format_duration(61) == "1 min 1 s");
  CHECK(format_duration(3725) == "1 h 2 min");
  CHECK(format_duration(3600.0 * 47) == "47 h 0 min");
  CHECK(format_duration(3600.0 * 49) == "2 d 1 h");
}

TEST_CASE("Scores have decimals where these show them, else digits") {
  CHECK(format_score(94.25, 3) == "94.250");
  CHECK(format_score(-1.5, 4) == "-1.5000");
  CHECK(format_score(0, 3) == "0.000");
  CHECK(format_score(0.00123456, 3) == "0.001235");
  CHECK(format_score(-1.25e-12, 3) == "-1.25e-12");
  CHECK(format_score(1.5e300, 4) == "1.5e+300");
}

TEST_CASE("Short times are shown in the unit that fits") {
  CHECK(format_short_time(4.2) == "4.2 s");
  CHECK(format_short_time(0.9999) == "0.9999 s");
  CHECK(format_short_time(0.00123456) == "1.235 ms");
  CHECK(format_short_time(3e-7) == "0.3 us");
  CHECK(format_short_time(0) == "0 us");
}

TEST_CASE("Quantiles lie between neighbours by rank") {
  const std::vector<double> values{40, 10, 30, 20, 50};
  CHECK(quantile(values, 0) == 10);
  CHECK(quantile(values, 0.25) == 20);
  CHECK(quantile(values, 0.5) == 30);
  CHECK(quantile(values, 0.9) == Approx(46));
  CHECK(quantile(values, 1) == 50);
  CHECK(quantile(std::vector<double>{}, 0.5) == 0);
}

TEST_CASE("Statistics agree with figures worked out by hand") {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(mean(values) == 5);
  CHECK(standard_deviation(values) == Approx(std::sqrt(32.0 / 7)));
  CHECK(median(values) == 4.5);
  CHECK(median(std::vector<double>{3, 1, 2}) == 2);
  CHECK(standard_deviation(std::vector<double>{3}) == 0);
}
