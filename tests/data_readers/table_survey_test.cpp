#include "nas/core/error.hpp"
#include "nas/data/data_survey.hpp"
#include "tests/data_readers/files.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

struct Surveyed {
  TableConfig config;
  std::vector<std::string> remarks;
};

Surveyed survey(const std::string& text, const std::string& target = "") {
  const test::TemporaryFolder folder;
  folder.write("t.csv", text);
  Surveyed result;
  result.config = survey_table((folder.path() / "t.csv").string(), target, result.remarks);
  return result;
}

/// Of the letters of `pattern`, n counts the rows, r rises unevenly, c is one of two classes.
std::string table_of(const std::string& header, const std::string& pattern, int rows = 40) {
  std::string text = header + "\n";
  for (int i = 0; i < rows; ++i) {
    for (size_t j = 0; j < pattern.size(); ++j) {
      text += j > 0 ? "," : "";
      text += pattern[j] == 'n'   ? std::to_string(i)
              : pattern[j] == 'r' ? std::to_string(i * i) + ".5"
              : pattern[j] == 'c' ? (i % 3 == 0 ? "bad" : "good")
                                  : "same";
    }
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("The column of classes is guessed by its name, else by its place", "[survey]") {
  CHECK(survey(table_of("a,Diagnosis,b", "rcc")).config.label == "Diagnosis");
  CHECK(survey(table_of("a,b,kind", "rrc")).config.label == "kind");
  CHECK(survey(table_of("kind,a,b", "crr")).config.label == "kind");
  CHECK(survey(table_of("a,kind,b", "rcr"), "kind").config.label == "kind");
  CHECK_THROWS_WITH(survey(table_of("a,kind,b", "rcr")), ContainsSubstring("--target"));
  CHECK_THROWS_WITH(survey(table_of("a,kind,b", "rcr"), "b"),
                    ContainsSubstring("a number cannot be predicted"));
  CHECK_THROWS_WITH(survey(table_of("a,kind,b", "rcr"), "kid"), ContainsSubstring("--target"));
}

TEST_CASE("Of two classes the rarer one is looked for", "[survey]") {
  CHECK(survey(table_of("a,kind", "rc")).config.positive == "bad");
}

TEST_CASE("Columns that teach nothing are left out, and it is said why", "[survey]") {
  const Surveyed found = survey(table_of("row,fix,a,kind", "nsrc"));
  CHECK(found.config.without == std::vector<std::string>{"row", "fix"});
  REQUIRE(found.remarks.size() == 3);
  CHECK(found.remarks[1] == "column 'row' numbers the rows");
  CHECK(found.remarks[2] == "column 'fix' is the same in all rows");
  // Measurements that never come again are no names of rows, unless they are called so.
  CHECK(survey(table_of("acid,kind", "rc")).config.without.empty());
  CHECK(survey(table_of("patient_id,a,kind", "rrc")).config.without.size() == 1);
}

TEST_CASE("A name in letters that are not ASCII is replaced by the column's position", "[survey]") {
  CHECK(survey(table_of("a,gr\xc3\xb6\xc3\x9f"
                        "e",
                        "rc"),
               "2")
            .config.label == "2");
}

TEST_CASE("A table in another encoding is refused, also in its first line alone", "[survey]") {
  CHECK_THROWS_WITH(survey(table_of("a,gr\xf6n", "rc")),
                    ContainsSubstring("t.csv:1:5: found byte 0xf6, expected text in UTF-8"));
}

TEST_CASE("A first line that says something else is left out", "[survey]") {
  CHECK(survey("40,2\n" + table_of("a,b,kind", "rrc")).config.skip_lines == 1);
  CHECK(survey(table_of("a,b,kind", "rrc")).config.skip_lines == 0);
}

}  // namespace nas
