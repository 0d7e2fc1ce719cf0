#include "nas/data/name_pattern.hpp"

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("a pattern of names tells class and group", "[data][audio]") {
  struct Row {
    const char* pattern;
    const char* name;
    const char* label;
    const char* group;
  };
  const Row row = GENERATE(
      Row{"{label}/*", "yes/0a7c_nohash_0.wav", "yes", ""},
      Row{"{label}/*", "top/more/yes/x.y.wav", "yes", ""},
      Row{"{label}_{group}_*", "recordings/7_ann_12.wav", "7", "ann"},
      Row{"{label}_{group}_*", "7_ann_12_b.WAV", "7", "ann"},
      Row{"{label}/{group}_nohash_*", "data/yes/0a7c_nohash_0.wav", "yes", "0a7c"},
      Row{"{group}/{label}/*", "ann/yes/1.wav", "yes", "ann"},
      Row{"*-{label}", "a-b-c.wav", "b-c", ""}, Row{"{label}-end", "a-end-end.wav", "a-end", ""},
      Row{"x{label}y", "xay.wav", "a", ""}, Row{"{label}", "folder/up.wav", "up", ""});
  INFO(row.pattern << " of " << row.name);
  const auto fields = NamePattern(row.pattern).match(row.name);
  REQUIRE(fields.has_value());
  REQUIRE(fields->label == row.label);
  REQUIRE(fields->group == row.group);
}

TEST_CASE("a name unlike the pattern tells nothing", "[data][audio]") {
  struct Row {
    const char* pattern;
    const char* name;
  };
  const Row row = GENERATE(Row{"{label}/*", "x.wav"}, Row{"{label}_{group}_*", "7_ann.wav"},
                           Row{"{label}_{group}_*", "_ann_12.wav"}, Row{"{label}-end", "a.wav"},
                           Row{"{label}-end", "-end.wav"}, Row{"x{label}", "ya.wav"},
                           Row{"{label}/x*", "yes/y1.wav"}, Row{"{label}_*", "a/_b.wav"});
  INFO(row.pattern << " of " << row.name);
  REQUIRE_FALSE(NamePattern(row.pattern).match(row.name).has_value());
}

TEST_CASE("a pattern that could mean anything is refused", "[data][audio]") {
  const char* text = GENERATE("", "*", "{group}/*", "{label}{group}", "{label}*", "{label}_{label}",
                              "{name}/{label}", "{label", "{label}_{group}_{group}");
  INFO(text);
  REQUIRE_THROWS_AS(NamePattern(text), InputError);
}

}  // namespace nas
