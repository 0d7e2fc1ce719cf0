#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>

#include "nas/core/error.hpp"
#include "nas/data/feature_statistics.hpp"
#include "nas/data/reader.hpp"
#include "tests/data_readers/files.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::TemporaryFolder;

DataConfig table_at(const std::filesystem::path& path) {
  DataConfig config;
  config.dataset = "csv";
  config.path = path.string();
  config.test = 0;
  return config;
}

LabelledImages read_text(const std::string& text, TableConfig table = {}) {
  const TemporaryFolder folder;
  folder.write("t.csv", text);
  DataConfig config = table_at(folder.path() / "t.csv");
  config.table = std::move(table);
  return read_training_images(config);
}

std::vector<std::string> names(const LabelledImages& table) {
  std::vector<std::string> result;
  for (const TableFeature& feature : table.features) result.push_back(feature.name);
  return result;
}

const std::string kPets =
    "weight,colour,kind\n"
    "4,black,cat\n"
    "NA,red,cat\n"
    "30,\"black\",dog\n"
    "20,?,dog\n";

std::filesystem::path shared_table(const std::string& name) {
  const char* root = std::getenv("NAS_DATA");
  const std::filesystem::path folder =
      root != nullptr ? std::filesystem::path(root) : NAS_SOURCE_DIR "/../shared/data";
  return folder / "tabular" / name;
}

}  // namespace

TEST_CASE("a table's texts become codes, its last column the classes", "[table]") {
  const LabelledImages table = read_text(kPets);
  REQUIRE(table.class_names == std::vector<std::string>{"cat", "dog"});
  REQUIRE(table.labels == std::vector<int64_t>{0, 0, 1, 1});
  REQUIRE(names(table) == std::vector<std::string>{"weight", "colour=black", "colour=red"});
  REQUIRE(table.shape == Shape{3, 1, 1});
  REQUIRE(std::isnan(table.values[3]));
  REQUIRE(std::vector<float>(table.values.begin() + 6, table.values.end()) ==
          std::vector<float>{30, 1, 0, 20, 0, 0});
}

TEST_CASE("missing numbers become the median of the training examples alone", "[table]") {
  LabelledImages table = read_text(kPets);
  const FeatureStatistics statistics = complete(table, {0, 1, 2});
  REQUIRE(statistics.median == std::vector<float>{17, 0, 0});
  REQUIRE(table.values[3] == 17);
  REQUIRE(statistics.mean == std::vector<float>{17, 0, 0});
  REQUIRE(statistics.deviation[0] == Approx(std::sqrt(2 * 13 * 13 / 3.0)));
  REQUIRE(statistics.deviation[1] == 1);
}

TEST_CASE("nothing known is written in many ways, and in the table's own", "[table]") {
  const LabelledImages plain =
      read_text("x,c,y\n1,a,0\nNULL,b,1\nn/a,Null,0\nNan,#N/A,1\n<NA>,\"\",1\n?,\"NA\",1\n");
  REQUIRE(names(plain) == std::vector<std::string>{"x", "c=a", "c=b"});
  for (size_t row = 1; row < 6; ++row) REQUIRE(std::isnan(plain.values[row * 3]));
  for (size_t i = 7; i < plain.values.size(); ++i) REQUIRE((i % 3 == 0 || plain.values[i] == 0));
  TableConfig own;
  own.missing = {"-999", "unknown"};
  const LabelledImages table = read_text("x,c,y\n1,a,0\n-999,unknown,1\n-99,b,1\n", own);
  REQUIRE(names(table) == std::vector<std::string>{"x", "c=a", "c=b"});
  REQUIRE(std::isnan(table.values[3]));
  REQUIRE(table.values[6] == -99);
}

TEST_CASE("where numbers are missing can be an input", "[table]") {
  TableConfig config;
  config.missing_indicator = true;
  const LabelledImages table = read_text("x,z,c,y\n1,1,?,0\n,2,a,1\n3,3,b,1\n", config);
  REQUIRE(names(table) == std::vector<std::string>{"x", "x=missing", "z", "c=a", "c=b"});
  REQUIRE(table.features[1].coded);
  REQUIRE(std::vector<float>(table.values.begin() + 6, table.values.begin() + 10) ==
          std::vector<float>{1, 2, 1, 0});
  REQUIRE(table.values[1] == 0);
}

TEST_CASE("medians of the largest numbers do not overflow", "[table]") {
  LabelledImages table = read_text("x,y\n1e38,0\n9e37,1\n-1e38,1\n,0\n1e38,1\n");
  REQUIRE(complete(table, {0, 1, 2, 3, 4}).median[0] == Approx(9.5e37));
  LabelledImages opposite = read_text("x,y\n1e38,0\n-1e38,1\n");
  REQUIRE(complete(opposite, {0, 1}).median[0] == 0);
}

TEST_CASE("a constant column is left where it is", "[table]") {
  LabelledImages table = read_text("0.1,1,a\n0.1,2,b\n0.1,3,a\n");
  REQUIRE(complete(table, {0, 1, 2}).deviation[0] == 1);
}

TEST_CASE("codes that only test examples have are zeros", "[table]") {
  std::string text = "x,code,y\n";
  for (int i = 0; i < 20; ++i) {
    text += std::to_string(i) + ",c" + std::to_string(i) + "," + (i % 2 == 0 ? "a\n" : "b\n");
  }
  const TemporaryFolder folder;
  folder.write("t.csv", text);
  DataConfig config = table_at(folder.path() / "t.csv");
  config.test = 0.5;
  const LabelledImages training = read_training_images(config);
  const LabelledImages test = read_test_images(config);
  REQUIRE(names(training) == names(test));
  REQUIRE(training.shape.channels == 11);
  const auto sum = [](const LabelledImages& table) {
    double codes = 0;
    for (size_t i = 0; i < table.values.size(); ++i) codes += i % 11 == 0 ? 0 : table.values[i];
    return codes;
  };
  REQUIRE(sum(training) == 10);
  REQUIRE(sum(test) == 0);
}

TEST_CASE("delimiters and headers are found or told", "[table]") {
  const TableConfig plain;
  TableConfig no_header;
  no_header.header = "absent";
  TableConfig skipping;
  skipping.skip_lines = 1;
  struct Row {
    std::string text;
    TableConfig config;
    std::vector<std::string> names;
    size_t rows;
  };
  const Row rows[] = {
      {"a,b,y\n1,2,0\n3,4,1\n", plain, {"a", "b"}, 2},
      {"1;2;0\n3;4;1\n", plain, {"column 1", "column 2"}, 2},
      {"1\t2\t0\r\n\t4\t1\r\n", plain, {"column 1", "column 2"}, 2},
      {"  1   2 0\n3 4   1  \n\n", plain, {"column 1", "column 2"}, 2},
      {"1,\"a b, c\",0\n3,\"d\",1\n", plain, {"column 1", "column 2=a b, c", "column 2=d"}, 2},
      {"1,\"a \"\"b\"\"\",0\n3,\"\"\"\",1\n",
       plain,
       {"column 1", "column 2=\"", "column 2=a \"b\""},
       2},
      {"x,y\nu,p\nu,q\nu,p\n", no_header, {"column 1=u", "column 1=x"}, 4},
      {"x,y\nu,p\nu,q\nu,p\n", plain, {"x=u"}, 3},
      {"2,3,a,b\n1,0\n3,1\n", skipping, {"column 1"}, 2},
      {"\xEF\xBB\xBFx,y\n1,0\n3,1\n", plain, {"x"}, 2},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const LabelledImages table = read_text(row.text, row.config);
    REQUIRE(names(table) == row.names);
    REQUIRE(table.labels.size() == row.rows);
  }
}

TEST_CASE("label, coded columns and the positive class can be named", "[table]") {
  TableConfig config;
  config.label = "sick";
  config.positive = "0";
  config.coded = {"3"};
  const LabelledImages table = read_text("sick,age,ward\n0,40,7\n1,50,9\n0,60,11\n", config);
  REQUIRE(table.class_names == std::vector<std::string>{"1", "0"});
  REQUIRE(table.labels == std::vector<int64_t>{1, 0, 1});
  REQUIRE(names(table) == std::vector<std::string>{"age", "ward=7", "ward=9", "ward=11"});
}

TEST_CASE("columns can be left out by name or position", "[table]") {
  TableConfig config;
  config.without = {"row", "2"};
  const LabelledImages table = read_text("row,note,age,sick\n1,a,40,0\n2,b,50,1\n", config);
  REQUIRE(names(table) == std::vector<std::string>{"age"});
  config.without = {"rows"};
  REQUIRE_THROWS_WITH(read_text("row,note,age,sick\n1,a,40,0\n2,b,50,1\n", config),
                      ContainsSubstring("without: found 'rows'"));
}

TEST_CASE("damaged and senseless tables are refused with their place", "[table]") {
  std::string numbers = "x,y\n";
  for (int i = 0; i < 20; ++i) numbers += "1," + std::to_string(i % 2) + "\n";
  std::string texts = "x,y\n";
  for (int i = 0; i < 300; ++i)
    texts += "t" + std::to_string(i) + "," + std::to_string(i % 2) + "\n";
  std::string targets = "x,y\n";
  for (int i = 0; i < 1100; ++i) targets += "1," + std::to_string(i) + ".5\n";
  struct Row {
    std::string text;
    TableConfig config;
    std::string message;
  };
  TableConfig wrong_label;
  wrong_label.label = "z";
  TableConfig beyond;
  beyond.label = "3";
  TableConfig wrong_code;
  wrong_code.coded = {"0"};
  TableConfig wrong_positive;
  wrong_positive.positive = "2";
  TableConfig all_skipped;
  all_skipped.skip_lines = 9;
  TableConfig tabs;
  tabs.delimiter = "tab";
  TableConfig only_header;
  only_header.header = "present";
  const Row rows[] = {
      {"", {}, "t.csv: no lines"},
      {"\n \n", {}, "t.csv: no lines"},
      {"x,y\n1,0\n", all_skipped, "t.csv: no lines"},
      {"x,y\n", only_header, "no rows below"},
      {std::string("x,y\n1,\0\n", 8), {}, "not a text file"},
      {"gr\xF6n,y\n1,0\n2,1\n", {}, "t.csv:1:3: found byte 0xf6, expected text in UTF-8"},
      {"x,y\n1,\xC3\xB6\n2,\xC3\xB6 \xDF\n", {}, "t.csv:3:5: found byte 0xdf, expected text"},
      {"x\n1\n2\n", {}, "t.csv:1: found one column, expected two or more"},
      {"x,y\n1,0\n", tabs, "t.csv:1: found one column"},
      {"x,y\n1,0\n1,0,1\n", {}, "t.csv:3: found 3 columns, expected 2 as in line 1"},
      {"x,y\n1,0\n1\n", {}, "t.csv:3: found one column"},
      {"x,y\n1,0\n\"1,1\n", {}, "t.csv:3: found a double quote without its end"},
      {"x,y\n1,0\n\"1\"\",1\n", {}, "t.csv:3: found a double quote without its end"},
      {"x,y\n1,0\n\"1\"2,1\n", {}, "t.csv:3: found text behind the cell \"1\""},
      {"x,x,y\n1,2,0\n1,2,1\n", {}, "t.csv:1: found the column name 'x' twice"},
      {numbers + "l,0\n", {}, "t.csv:22: column 'x': found 'l', expected a number"},
      {numbers + "inf,0\n", {}, "t.csv:22: column 'x': found 'inf', expected a number"},
      {numbers + "1e99,0\n", {}, "t.csv:22: column 'x': found '1e99', expected a number"},
      {numbers + "3e38,0\n", {}, "column 'x': found '3e38', expected a number of at most 1e38"},
      {"x;y\n1,5;0\n2;1\n-0,25;1\n", {}, "t.csv:2: column 'x': found '1,5', expected a point"},
      {numbers + "1,?\n", {}, "t.csv:22: column 'y': found nothing, expected a class"},
      {"x,y\n1,0\n2,0\n", {}, "t.csv:2: column 'y': found '0' in all rows, expected two classes"},
      {targets, {}, "column 'y': found more than 1000 different values, expected classes"},
      {texts, {}, "column 'x': found 't256' and 256 other texts"},
      {"x,y\n1,0\n2,1\n", wrong_label, "label: found 'z', expected a position of 1 to 2 or a name"},
      {"x,y\n1,0\n2,1\n", beyond, "label: found '3', expected a position"},
      {"x,y\n1,0\n2,1\n", wrong_code, "coded: found '0', expected a position"},
      {"x,y\n1,0\n2,1\n", wrong_positive, "positive: found '2', expected one of two classes: 0, 1"},
      {"x,y\nNA,0\n,1\n", {}, "1 features"},
  };
  for (const Row& row : rows) {
    INFO(row.text.substr(0, 100));
    if (row.message == "1 features") {  // nothing but missing numbers is no mistake
      REQUIRE(read_text(row.text, row.config).features.size() == 1);
      continue;
    }
    REQUIRE_THROWS_WITH(read_text(row.text, row.config), ContainsSubstring(row.message));
  }
}

TEST_CASE("a table cut short in its gzip is refused, a whole one read", "[table]") {
  const auto digits = std::filesystem::path(NAS_SOURCE_DIR "/third_party/digits/digits.csv.gz");
  DataConfig config = table_at(digits);
  REQUIRE(read_training_images(config).size() == 1797);
  std::ifstream file(digits, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const TemporaryFolder folder;
  folder.write("t.csv.gz", bytes.substr(0, bytes.size() / 2));
  config.path = (folder.path() / "t.csv.gz").string();
  REQUIRE_THROWS_WITH(read_training_images(config), ContainsSubstring("damaged or cut short"));
  config.path = folder.path().string();
  REQUIRE_THROWS_WITH(read_training_images(config), ContainsSubstring("found a folder"));
  config.path = (folder.path() / "none.csv").string();
  REQUIRE_THROWS_WITH(read_training_images(config), ContainsSubstring("cannot be read"));
}

TEST_CASE("real tables are read: tumours and loans", "[table]") {
  if (!std::filesystem::exists(shared_table("breast_cancer.csv"))) {
    WARN("skipped: no tabular/breast_cancer.csv below NAS_DATA");
    return;
  }
  DataConfig tumours = table_at(shared_table("breast_cancer.csv"));
  tumours.table.skip_lines = 1;
  tumours.table.positive = "0";
  const LabelledImages cancer = read_training_images(tumours);
  REQUIRE(cancer.size() == 569);
  REQUIRE(cancer.shape == Shape{30, 1, 1});
  REQUIRE(std::accumulate(cancer.labels.begin(), cancer.labels.end(), int64_t{0}) == 212);
  const LabelledImages loans = read_training_images(table_at(shared_table("german_credit.data")));
  REQUIRE(loans.size() == 1000);
  REQUIRE(loans.features.front().name == "STATUS_ACCOUNT=A11");
  REQUIRE(loans.shape.channels == 61);  // 7 numbers and 54 codes
  REQUIRE(std::accumulate(loans.labels.begin(), loans.labels.end(), int64_t{0}) == 700);
}

}  // namespace nas
