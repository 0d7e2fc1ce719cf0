#include <fstream>

#include "nas/core/file.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

using namespace nas;

namespace {

constexpr std::string_view kFull = R"(# every kind of value
flag: true
count: 5K
rate: 2.5e-3
time: 2h
name: "010"
color: blue
words: [no, yes, 010, "a: b # c", ""]
inner:
  depth: 7
list:
  - size: 3
  - {size: 4}
named:
  one: {value: 1}
  two words: {value: -2}
pairs: {b: 1, a: x y}
)";

Everything full() {
  Everything all;
  all.flag = true;
  all.count = 5000;
  all.rate = 2.5e-3;
  all.time = 7200;
  all.name = "010";
  all.color = "blue";
  all.words = {"no", "yes", "010", "a: b # c", ""};
  all.depth = 7;
  all.sizes = {3, 4};
  all.named = {{"one", 1}, {"two words", -2}};
  all.pairs = {{"b", "1"}, {"a", "x y"}};
  return all;
}

}  // namespace

TEST_CASE("Every kind of value is read") { CHECK(read_everything(kFull) == full()); }

TEST_CASE("Keys that are not given keep their defaults") {
  CHECK(read_everything("") == Everything());
  CHECK(read_everything("# nothing but a comment\n") == Everything());
  CHECK(read_everything("{}") == Everything());
  CHECK(read_everything("inner:\nlist:\nnamed:\n") == Everything());
}

TEST_CASE("The resolved configuration holds every default and reads back as the same") {
  const auto resolve = [](std::string_view text, Everything& all) {
    return read_config_text(text, "test.yaml", {}, [&](Section& s) { describe(s, all); });
  };
  for (const std::string_view text : {kFull, std::string_view("count: 3")}) {
    Everything first;
    Everything second;
    const std::string once = resolve(text, first);
    const std::string twice = resolve(once, second);
    CHECK(once == twice);
    CHECK(first == second);
    for (const char* key : {"flag:", "count:", "rate:", "time:", "name:", "color:", "words:",
                            "file:", "inner:", "depth:", "list:", "pairs:"}) {
      CHECK_THAT(once, ContainsSubstring(key));
    }
  }
}

TEST_CASE("Texts that YAML could take for something else survive being written and read") {
  const std::string text = GENERATE(
      as<std::string>{}, "", "~", "null", "true", "no", "010", "1e5", " a ", "a\nb", "a\tb", "- a",
      "-", "---", "...", "# c", "a: b", "a #b", "[x", "{x", "*x", "&x", "!x", "|", ">", "%x", "@x",
      "`x", "'", "\"", "\\", "it's", "\x01\x7f", "\xC3\xA4\xE2\x82\xAC", "\r\n", "\xE2\x80\xA8",
      "\xC2\x85", "?", "? a", ":", "a:", ",", "=", "<<", "/a/b-c_d.e+f");
  Everything first;
  first.name = text;
  first.words = {text, text};
  first.pairs = {{text, text}, {"k", text}};
  Everything expected = first;
  const std::string resolved =
      read_config_text("", "test.yaml", {}, [&](Section& s) { describe(s, first); });
  INFO(resolved);
  CHECK(read_everything(resolved) == expected);
}

TEST_CASE("A section described by two readers is one section") {
  int64_t a = 1;
  int64_t b = 2;
  const auto describe_twice = [&](Section& section) {
    section.section("both", "", [&](Section& s) { s.integer("a", a, {0, 9, ""}, ""); });
    section.integer("between", b, {}, "");
    section.section("both", "", [&](Section& s) {
      s.integer("b", b, {}, "");
      s.integer("a", a, {0, 9, ""}, "");
    });
  };
  const auto resolved = read_config_text("both: {a: 3, b: 4}", "t", {}, describe_twice);
  CHECK(resolved == "both:\n  a: 3\n  b: 4\nbetween: 2\n");
  CHECK(mistakes_of("both: {a: 30, c: 4}", describe_twice) ==
        std::vector<std::string>{
            "test.yaml:1:11: both.a: found '30', expected a whole number from 0 to 9",
            "test.yaml:1:15: both.c: unknown key; did you mean 'a'?"});
}

TEST_CASE("A section may be described while its parent is described on") {
  int64_t value = 0;
  const auto resolved = read_config_text("", "t", {}, [&](Section& section) {
    section.section("inner", "", [&](Section& inner) {
      for (const char* name : {"p", "q", "r", "s", "t"}) section.integer(name, value, {}, "");
      inner.integer("late", value, {}, "");
    });
  });
  CHECK(resolved == "inner:\n  late: 0\np: 0\nq: 0\nr: 0\ns: 0\nt: 0\n");
}

TEST_CASE("Paths are looked up beside the configuration and become absolute") {
  const Scratch scratch;
  write_file_atomically(scratch / "table.csv", "x");
  write_file_atomically(scratch / "c.yaml", "file: table.csv\n");
  Everything all;
  const auto resolved = read_config(scratch / "c.yaml", {}, [&](Section& s) { describe(s, all); });
  CHECK(all.file == (scratch / "table.csv").string());
  CHECK_THAT(resolved, ContainsSubstring("file: " + all.file + "\n"));
  const auto problems = mistakes_of("a: 1\nfile: nowhere.csv\n");
  REQUIRE(problems.size() == 2);
  CHECK_THAT(problems[1], ContainsSubstring("test.yaml:2:7: file: found 'nowhere.csv', expected a "
                                            "file or folder that exists; looked for /"));
  CHECK_THAT(mistakes_of("a: 1\nfile: /nowhere/x\n").back(),
             Catch::Matchers::EndsWith("looked for /nowhere/x"));  // once
}

TEST_CASE("A configuration that cannot be read is named") {
  Everything all;
  CHECK_THROWS_WITH(read_config("/nowhere/c.yaml", {}, [&](Section& s) { describe(s, all); }),
                    ContainsSubstring("/nowhere/c.yaml"));
  CHECK_THROWS_AS(read_config("/", {}, [&](Section& s) { describe(s, all); }), InputError);
}

TEST_CASE("An override replaces, adds and reaches into lists") {
  CHECK(read_everything(kFull, {"count=7", "inner.depth=3"}).depth == 3);
  CHECK(read_everything("", {"inner.depth=3"}).depth == 3);
  CHECK(read_everything("inner:\n", {"inner.depth=3"}).depth == 3);
  CHECK(read_everything(kFull, {"list.1.size=9"}).sizes == std::vector<int64_t>{3, 9});
  CHECK(read_everything("", {"list=[{size: 1}, {size: 2}]"}).sizes == std::vector<int64_t>{1, 2});
  CHECK(read_everything("", {"words=[x, y]"}).words == std::vector<std::string>{"x", "y"});
  CHECK(read_everything("", {"name=a=b"}).name == "a=b");
  CHECK(read_everything("", {"name=\"\""}).name.empty());
  CHECK(read_everything("", {"count=2", "count=3"}).count == 3);
}
