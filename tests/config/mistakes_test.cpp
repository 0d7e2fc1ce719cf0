#include <array>

#include "nas/config/component.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace nas;

namespace {

using Lines = std::vector<std::string>;

/// "test.yaml:7:3: ..." -> 7
int line_of(const std::string& diagnostic) {
  const std::string prefix = "test.yaml:";
  return diagnostic.starts_with(prefix) ? std::stoi(diagnostic.substr(prefix.size())) : -1;
}

}  // namespace

TEST_CASE("A mistake is named with its place, what was found and what was expected") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"count: ten", "1:8: count: found 'ten', expected a whole number from 1 to 100000 epochs"},
      {"count: 0", "1:8: count: found '0', expected a whole number from 1 to 100000 epochs"},
      {"count: 1.5", "1:8: count: found '1.5', expected a whole number from 1 to 100000 epochs"},
      {"count: [1]", "1:8: count: found a list, expected a whole number from 1 to 100000 epochs"},
      {"count:", "1:1: count: found nothing, expected a whole number from 1 to 100000 epochs"},
      {"\nrate: 1.5", "2:7: rate: found '1.5', expected a number from 0 to 1"},
      {"rate: .inf", "1:7: rate: found '.inf', expected a number from 0 to 1"},
      {"flag: no", "1:7: flag: found 'no', expected true or false"},
      {"time: 0",
       "1:7: time: found '0', expected a duration like 90s, 10m, 2h or 1d from 1s to "
       "1000000s"},
      {"name: {}", "1:7: name: found a mapping, expected a text"},
      {"color: bleu",
       "1:8: color: found 'bleu', expected one of red, green, blue; did you mean 'blue'?"},
      {"color: black", "1:8: color: found 'black', expected one of red, green, blue"},
      {"words: a", "1:8: words: found 'a', expected a list"},
      {"words:\n- a\n- [b]", "3:3: words: found a list, expected a single value"},
      {"inner: 3", "1:8: inner: found '3', expected a mapping"},
      {"inner: {depth: 51}", "1:16: inner.depth: found '51', expected a whole number from 0 to 50"},
      {"inner: {dept: 1}", "1:9: inner.dept: unknown key; did you mean 'depth'?"},
      {"list: {size: 1}", "1:7: list: found a mapping, expected a list"},
      {"list: [7]", "1:8: list: found '7', expected a mapping"},
      {"list:\n- size: 1\n- {}", "3:3: list.1.size: missing, and it has no default"},
      {"named: {a: 1}", "1:12: named.a: found '1', expected a mapping"},
      {"named: {a: {value: x}}", "1:20: named.a.value: found 'x', expected a whole number"},
      {"named: {a: {value: 9223372036854775808}}",
       "1:20: named.a.value: found '9223372036854775808', expected a whole number of at most "
       "9223372036854775807"},
      {"pairs: {a: [1]}", "1:12: pairs.a: found a list, expected a text"},
      {"colour: red", "1:1: colour: unknown key; did you mean 'color'?"},
      {"something_else: 1", "1:1: something_else: unknown key"},
      {"[1, 2]", "1:1: found a list, expected a mapping of keys to values"},
      {"just text", "1:1: found a single value, expected a mapping of keys to values"},
  }));
  INFO(text);
  CHECK(mistakes_of(text) == Lines{"test.yaml:" + expected});
}

TEST_CASE("Twenty mistakes of one file are twenty diagnostics, each with its own line") {
  const std::string text = R"(flga: true
count: many
rate: 2
time: soon
name: [a]
color: purple
words: {a: 1}
file: /nowhere/at/all
inner:
  depth: -1
  deph: 3
list:
  - size: 0
  - sise: 3
    size: 1
  - 7
named:
  a: {value: x}
  b: 3
pairs:
  k: [1]
frist: 1
second:
  third: 1
flag: maybe
sizes: 3
)";
  const auto mistakes = mistakes_of(text);
  std::vector<int> lines;
  for (const auto& mistake : mistakes) lines.push_back(line_of(mistake));
  CHECK(lines ==
        std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 16, 18, 19, 21, 22, 23, 25, 26});
}

TEST_CASE("A mistake in an override is named by the override, and all are listed") {
  CHECK(mistakes_of("count: 1", {"count=x"}) ==
        Lines{"--set count=x: count: found 'x', expected a whole number from 1 to 100000 epochs"});
  CHECK(mistakes_of("count: y", {"inner.dept=1", "rate=2"}) ==
        Lines{"test.yaml:1:8: count: found 'y', expected a whole number from 1 to 100000 epochs",
              "--set rate=2: rate: found '2', expected a number from 0 to 1",
              "--set inner.dept=1: inner.dept: unknown key; did you mean 'depth'?"});
  CHECK(mistakes_of("list: [{size: 1}]", {"list.1.size=2", "name", "=3", "count.x=1", "a..b=1"}) ==
        Lines{"--set list.1.size=2: found '1', expected an index below 1",
              "--set name: expected a.b=value", "--set =3: expected a.b=value",
              "--set a..b=1: found an empty key, expected a.b=value"});
  CHECK(mistakes_of("count: 1", {"count.x=1"}) ==
        Lines{"--set count.x=1: 'x' stands below a single value, expected a mapping"});
  const auto broken = mistakes_of("", {"words=[1, 2", "name=*x"});
  REQUIRE(broken.size() == 2);
  CHECK_THAT(broken[0], ContainsSubstring("--set words=[1, 2: value:1:"));
  CHECK_THAT(broken[1], ContainsSubstring("--set name=*x: value:1:"));
}

TEST_CASE("A description's own mistakes stand at the place of their key") {
  const auto description = [](Section& section) {
    int64_t low = 0;
    section.integer("low", low, {}, "");
    section.mistake("low", "larger than high");
    section.mistake("high", "smaller than low");
    section.mistake("low", "larger than high");
  };
  CHECK(mistakes_of("# c\nlow: 3\n", description) ==
        Lines{"test.yaml:2:1: high: smaller than low", "test.yaml:2:6: low: larger than high"});
}

TEST_CASE("A key that a section without keys is given is unknown") {
  const auto description = [](Section& section) { section.section("report", "", [](Section&) {}); };
  CHECK(mistakes_of("report: {}", description).empty());
  CHECK(mistakes_of("report: {colour: 1}", description) ==
        Lines{"test.yaml:1:10: report.colour: unknown key"});
}

TEST_CASE("What was found is shown in one line, shortened") {
  const auto mistakes = mistakes_of("count: \"a\\n\\e[31m" + std::string(5000, 'x') + "\"");
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].size() < 400);
  CHECK_THAT(mistakes[0], ContainsSubstring("found 'a\\x0a\\x1b[31mxxx"));
}
