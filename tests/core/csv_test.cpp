#include "nas/core/csv.hpp"

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const std::string kFile = "known.csv";

std::vector<std::string> texts(const CsvRecord& record) {
  std::vector<std::string> list;
  for (const auto& cell : record) list.push_back(cell.text);
  return list;
}

TEST_CASE("Cells are read with the places where they begin") {
  const std::string text = "a,\"b, \"\"c\"\"\",d\r\n1,,\"two\nlines\",4\n";
  CsvReader reader(text, kFile);
  const auto first = reader.next();
  REQUIRE(first);
  CHECK(texts(*first) == std::vector<std::string>{"a", "b, \"c\"", "d"});
  CHECK(first->at(1).column == 3);
  CHECK(first->at(2).column == 14);
  const auto second = reader.next();
  REQUIRE(second);
  CHECK(texts(*second) == std::vector<std::string>{"1", "", "two\nlines", "4"});
  CHECK(second->at(2).line == 2);
  CHECK(second->at(3).line == 3);
  CHECK(second->at(3).column == 8);
  CHECK_FALSE(reader.next());
}

TEST_CASE("A byte order mark and a last line without an end are no part of a cell") {
  CsvReader reader("\xEF\xBB\xBFx,y", kFile);
  CHECK(texts(*reader.next()) == std::vector<std::string>{"x", "y"});
  CHECK_FALSE(reader.next());
}

TEST_CASE("Quotes that do not end, or end within a cell, are named by their line") {
  CsvReader open("a\n\"b", kFile);
  open.next();
  CHECK_THROWS_WITH(open.next(), Catch::Contains("known.csv:2: found the end of the file"));
  CsvReader within("\"a\"b\n", kFile);
  CHECK_THROWS_AS(within.next(), InputError);
}

TEST_CASE("A number is the whole of a text, and finite") {
  CHECK(finite_number("-1.5e3") == -1500);
  for (const char* text : {"", " 1", "1 ", "1x", "inf", "nan", "1e999", "0x10"}) {
    INFO(text);
    CHECK_FALSE(finite_number(text));
  }
}

}  // namespace
}  // namespace nas
