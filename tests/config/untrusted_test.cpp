#include <chrono>

#include "nas/core/random.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace nas;

namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::string numbered_keys(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "k" + std::to_string(i) + ":\n";
  return text;
}

std::string numbered_pairs(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "k" + std::to_string(i) + ": 1,";
  return text;
}

}  // namespace

TEST_CASE("Malformed and malicious YAML is refused with its place") {
  const auto [what, text, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"anchor", "name: &a x", ":1:7: found an anchor"},
      {"anchor on a list", "words: &a [x]", ":1:8: found an anchor"},
      {"anchor on nothing", "name: &a", "found an anchor"},
      {"alias", "name: *a", ":1:"},
      {"alias of an anchor", "words: [&a x, *a]", ":1:9: found an anchor"},
      {"cycle", "words: &a [*a]", ":1:8: found an anchor"},
      {"alias bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]", ":1:4: found an anchor"},
      {"merge key", "inner: &i {depth: 1}\nnamed:\n  <<: *i", ":1:8: found an anchor"},
      {"tag", "count: !!int 3", ":1:8: found tag"},
      {"own tag", "count: !evil 3", ":1:8: found tag"},
      {"tag on a list", "words: !!python/object [x]", ":1:8: found tag"},
      {"duplicate key", "count: 1\nrate: 0\ncount: 2", ":3:1: key 'count' stands here twice"},
      {"duplicate quoted key", "count: 1\n\"count\": 2", ":2:1: key 'count' stands here twice"},
      {"duplicate nested key", "inner: {depth: 1, depth: 1}", ":1:19: key 'depth'"},
      {"list as key", "? [a, b]\n: 1", ":1:3: found a list or mapping as a key"},
      {"mapping as key", "{{a: 1}: 2}", ":1:2: found a list or mapping as a key"},
      {"nothing as key", "~: 1", ":1:1: found nothing as a key"},
      {"nothing as key, in braces", "{: 1, name: x}", "found nothing as a key"},
      {"no key at all", "?\n: 1", "as a key"},
      {"a long key", "? " + repeated("k", 161) + "\n: 1",
       ":1:3: found a key of 161 bytes, expected at most 160"},
      {"two documents", "count: 1\n---\ncount: 2", ":2:1: found a second document"},
      {"an empty second document", "count: 1\n---\n", "found a second document"},
      {"open list", "words: [a, b", ":1:8: end of sequence"},
      {"open braces", "inner: {depth: 1", ":1:8: end of map"},
      {"open quote", "name: \"abc", ":1:"},
      {"open single quote", "name: 'abc", ":1:"},
      {"unknown escape", "name: \"\\q\"", ":1:"},
      {"half a code point", "name: \"\\ud800\"", ":1:"},
      {"tab as indentation", "inner:\n\tdepth: 1", ":2:1: found a tab, expected spaces"},
      {"wrong indentation", "inner:\n  depth: 1\n count: 2", ":3:"},
      {"closing bracket alone", "count: 1\n]", ":2:1: "},
      {"text after a mapping", "count: 1\nrubbish", ":2:"},
      {"colon in a value", "name: a: b", ":1:"},
      {"too deep", repeated("[", 51) + repeated("]", 51), ":1:51: nested too deeply"},
      {"too deep, braces", repeated("{a: ", 51) + repeated("}", 51), ":1:201: nested too deeply"},
      {"open line above", "count: 1\nwords: [a,\nname: x\n",
       ":4:1: end of sequence flow not found; it begins at 2:8"},
      {"far too deep, brackets", repeated("[", 500'000) + repeated("]", 500'000),
       "nested too deeply"},
      {"far too deep, never closed", repeated("[", 1'000'000), ":1:1: "},
      {"far too deep, open braces", repeated("{a: ", 200'000), ":1:"},
      {"far too deep, dashes", repeated("- ", 500'000), "nested too deeply"},
      {"far too deep, question marks", repeated("? ", 500'000), ":1:"},
      {"a zero byte", std::string("name: a\0b", 10),
       ":1:8: found byte 0x00, expected text in UTF-8"},
      {"an escape character", "count: 1\nname: \x1b[31m", ":2:7: found byte 0x1b"},
      {"Latin-1", "name: \xe4 b", ":1:7: found byte 0xe4"},
      {"a character cut short", "name: \xe2\x82", ":1:7: found byte 0xe2"},
      {"an overlong character", "name: \xc0\xaf", ":1:7: found byte 0xc0"},
      {"a surrogate", "name: \xed\xa0\x80", ":1:7: found byte 0xed"},
      {"beyond Unicode", "name: \xf4\x90\x80\x80", ":1:7: found byte 0xf4"},
      {"UTF-16",
       std::string("\xff\xfe"
                   "a\0",
                   4),
       ":1:1: found byte 0xff"},
      {"too long", std::string((1 << 20) + 1, '#'),
       ": found 1048577 bytes, expected at most 1 MiB"},
  }));
  INFO(what);
  const auto mistakes = mistakes_of(text);
  REQUIRE(mistakes.size() == 1);
  INFO(mistakes[0]);
  CHECK(mistakes[0].starts_with("test.yaml:"));
  CHECK_THAT(mistakes[0], ContainsSubstring(expected));
}

TEST_CASE("Odd but well-formed YAML is read") {
  CHECK(read_everything("---\ncount: 3\n").count == 3);
  CHECK(read_everything("count: 3\n...\n").count == 3);
  CHECK(read_everything("\xEF\xBB\xBF"
                        "count: 3\n")
            .count == 3);
  CHECK(read_everything("count: 3\r\nname: x\r\n").name == "x");
  CHECK(read_everything("count : 3").count == 3);
  CHECK(read_everything("'count': '3'").count == 3);
  CHECK(read_everything("name: |\n  two\n  lines\n").name == "two\nlines\n");
  CHECK(read_everything("name: no").name == "no");
  CHECK(read_everything("name: \"a\\Nb\\_\\L\\x85\"").name ==
        "a\xC2\x85"
        "b\xC2\xA0\xE2\x80\xA8\xC2\x85");
  CHECK(read_everything("count: 010").count == 10);
  CHECK(read_everything("%YAML 1.2\n---\ncount: 3").count == 3);
  CHECK(read_everything(repeated("#\n", 500'000)) == Everything());
}

TEST_CASE("A file of a megabyte is judged within seconds whatever it holds") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(mistakes_of(numbered_keys(100'000)).size() == 100'000);
  CHECK(read_everything("words: [" + repeated("a,", 500'000) + "]").words.size() == 500'000);
  CHECK(read_everything("pairs: {" + numbered_pairs(100'000) + "}").pairs.size() == 100'000);
  CHECK(mistakes_of("list: [" + repeated("1,", 300'000) + "]").size() == 300'000);
  CHECK(read_everything("name: \"" + repeated("\\n", 500'000) + "\"").name.size() == 500'000);
  const auto taken = std::chrono::steady_clock::now() - start;
  CHECK(std::chrono::duration<double>(taken).count() < 30);
}

TEST_CASE("Random damage to a configuration ends in a value or in named mistakes") {
  const std::string whole =
      "flag: true\ncount: 5K\nname: \"a \\u00e4 b\"\nwords: [no, 'x y', 010]\ninner:\n  depth: 7\n"
      "list:\n  - size: 3\n  - {size: 4}\nnamed:\n  one: {value: 1}\npairs: {b: 1, a: x}\n";
  std::string pieces =
      "[]{}&*!|>%@`'\"#:,-?~\n\t \xff\xc3\x1b"
      "0a<.";
  pieces += '\0';
  RandomStream stream(11, "damage");
  int refused = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::string text = whole;
    for (auto changes = 1 + stream.below(4); changes > 0; --changes) {
      const auto place = static_cast<size_t>(stream.below(static_cast<int64_t>(text.size())));
      const char piece =
          pieces[static_cast<size_t>(stream.below(static_cast<int64_t>(pieces.size())))];
      switch (stream.below(3)) {
        case 0:
          text[place] = piece;
          break;
        case 1:
          text.insert(place, 1, piece);
          break;
        default:
          text.erase(place, static_cast<size_t>(1 + stream.below(8)));
      }
    }
    INFO(text);
    const auto mistakes = mistakes_of(text);
    refused += mistakes.empty() ? 0 : 1;
    for (const auto& mistake : mistakes) {
      REQUIRE(mistake.starts_with("test.yaml:"));
      REQUIRE(mistake.find('\n') == std::string::npos);
    }
  }
  CHECK(refused > 1'000);
  CHECK(refused < 5'000);
}
