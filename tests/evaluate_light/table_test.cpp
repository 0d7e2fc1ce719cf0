#include "nas/evaluate/table.hpp"

#include <fstream>

#include "nas/core/error.hpp"
#include "nas/evaluate/complete_score.hpp"
#include "nas/evaluate/measured.hpp"
#include "search_spaces/nats_size.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;

class Deaf final : public Monitor {
 public:
  Advice report(const Progress&) override { return Advice::go_on; }
};

/// A table over the widths 8 and 16.
struct Scene {
  Scratch scratch;
  std::unique_ptr<Space> space = make_nats_size({16, 1, {}}, {{1, 8, 8}, 10});
  DataConfig data;
  ExecutionConfig execution;
  std::vector<std::string> warnings;

  std::unique_ptr<Evaluator> table(const std::string& name, const std::string& text,
                                   const Columns& metrics = {{"accuracy", "acc"}}) {
    const auto path = scratch / name;
    std::ofstream(path) << text;
    const auto warn = [this](const std::string& warning) { warnings.push_back(warning); };
    return make_table({path.string(), "arch", metrics}, {*space, data, execution, warn});
  }

  /// What it is refused with, without the folder.
  std::string refusal(const std::string& name, const std::string& text,
                      const Columns& metrics = {{"accuracy", "acc"}}) {
    try {
      table(name, text, metrics);
    } catch (const InputError& error) {
      return std::string(error.what()).substr(scratch.path().string().size() + 1);
    }
    return "";
  }

  Outcome outcome(Evaluator& evaluator, const std::string& point) const {
    Deaf deaf;
    Assignment assignment;
    assignment.point = space->parse(point);
    return evaluator.evaluate(assignment, deaf);
  }

  Metrics metrics(Evaluator& evaluator, const std::string& point) const {
    return std::get<Score>(outcome(evaluator, point)).metrics;
  }
};

TEST_CASE("Rows that no point of the space can be are passed over, which is said once") {
  Scene scene;
  const auto table = scene.table("t.csv",
                                 "arch,acc\n8:8:8:8:64,1\n8:8:8:8:16,2\n8:8:8:8,abc\n"
                                 "8:8:8:8:64,3\n");
  CHECK(scene.metrics(*table, "8:8:8:8:16") == Metrics{{"accuracy", 2}});
  REQUIRE(scene.warnings.size() == 1);
  CHECK_THAT(scene.warnings[0], ContainsSubstring("3 of 4 rows") && ContainsSubstring("t.csv:2: "));
}

TEST_CASE("A table without a row in the space is refused with the reason of the first one") {
  Scene scene;
  const auto refusal = scene.refusal("t.csv", "arch,acc\n8:8:8:8:64,1\n8:8:8:8,2\n");
  CHECK_THAT(refusal, ContainsSubstring("t.csv:2: ") && ContainsSubstring("up to 16"));
  CHECK(scene.warnings.empty());
}

TEST_CASE(
    "A row without a number stands without that metric, and what asks for it names the cell") {
  Scene scene;
  const std::vector<std::pair<std::string, std::string>> tables{
      {"t.csv",
       "arch,acc,time\n8:8:8:8:8,,1\n8:8:8:8:16,NaN,2\n8:8:8:16:8,null,3\n"
       "8:8:16:8:8,7,4\n"},
      {"t.json", R"({"8:8:8:8:8": {"time": 1}, "8:8:8:8:16": {"acc": "nan", "time": 2},
                     "8:8:8:16:8": {"acc": null, "time": 3}, "8:8:16:8:8": {"acc": 7, "time": 4}})"}};
  for (const auto& [name, text] : tables) {
    INFO(name);
    auto table = scene.table(name, text, {{"accuracy", "acc"}, {"seconds", "time"}});
    CHECK(table->reports("accuracy"));
    CHECK(scene.metrics(*table, "8:8:8:8:8") == Metrics{{"seconds", 1}});
    CHECK(scene.metrics(*table, "8:8:8:8:16") == Metrics{{"seconds", 2}});
    CHECK(scene.metrics(*table, "8:8:8:16:8") == Metrics{{"seconds", 3}});
    CHECK(scene.metrics(*table, "8:8:16:8:8") == Metrics{{"accuracy", 7}, {"seconds", 4}});
    const std::string place =
        name == "t.csv" ? "t.csv:3: column 'acc'" : "t.json: entry '8:8:8:8:16': column 'acc'";
    table = make_complete_score(make_measured(std::move(table), *scene.space, {}, {}),
                                {{"seconds", Goal::minimize}, {"accuracy", Goal::maximize}});
    const auto failure = std::get<Failure>(scene.outcome(*table, "8:8:8:8:16"));
    CHECK(failure.kind == "error");
    CHECK_THAT(failure.reason, ContainsSubstring(place));
    CHECK(std::holds_alternative<Score>(scene.outcome(*table, "8:8:16:8:8")));
  }
}

TEST_CASE("A constraint on a metric that a row is without fails with the cell") {
  Scene scene;
  const auto table = make_measured(scene.table("t.csv", "arch,acc\n8:8:8:8:8,\n8:8:8:8:16,1\n"),
                                   *scene.space, {constraint_from_text("accuracy >= 1")}, {});
  CHECK_THAT(std::get<Failure>(scene.outcome(*table, "8:8:8:8:8")).reason,
             ContainsSubstring("t.csv:2: column 'acc' has no number here"));
  CHECK(std::holds_alternative<Score>(scene.outcome(*table, "8:8:8:8:16")));
}

TEST_CASE("Text that is no number, and a column without any, are refused with their place") {
  Scene scene;
  CHECK(scene.refusal("t.csv", "arch,acc\n8:8:8:8:8,1\n8:8:8:8:16,abc\n") ==
        "t.csv:3: found 'abc' in column 'acc', expected a finite number");
  CHECK(scene.refusal("t.csv", "arch,acc\n8:8:8:8:8,1\n8:8:8:8:16,inf\n") ==
        "t.csv:3: found 'inf' in column 'acc', expected a finite number");
  CHECK(scene.refusal("t.csv", "arch,acc\n8:8:8:8:8,\n8:8:8:8:16,nan\n") ==
        "t.csv: column 'acc' has no number in any row");
  CHECK(scene.refusal("t.json", R"([{"arch": "8:8:8:8:8", "acc": 1},
                                    {"arch": "8:8:8:8:16", "acc": [1, "x"]}])") ==
        "t.json: entry 1: found a list that is not of numbers alone in column 'acc', expected a "
        "finite number");
  // Where no metrics are named a column of texts is none.
  const auto table = scene.table("t.csv", "arch,acc,by\n8:8:8:8:8,1,me\n", {});
  CHECK(scene.metrics(*table, "8:8:8:8:8") == Metrics{{"acc", 1}});
}

TEST_CASE("JSON tables name the entry that is wrong, by its index or by its key") {
  Scene scene;
  CHECK_THAT(scene.refusal("t.json", R"([{"arch": "8:8:8:8:64", "acc": 1}])"),
             ContainsSubstring("t.json: entry 0: "));
  CHECK_THAT(scene.refusal("t.json", R"({"8:8:8:8:64": {"acc": 1}})"),
             ContainsSubstring("t.json: entry '8:8:8:8:64': "));
  CHECK_THAT(scene.refusal("t.json", R"([{"arch": "8:8:8:8:8", "acc": 1}, 5])"),
             ContainsSubstring("t.json: entry 1: expected an object with a text at 'arch'"));
}

TEST_CASE("Rows of one text that say different things are refused, the same things are not") {
  Scene scene;
  const std::string rows = "arch,acc,by\n8:8:8:8:8,1,me\n8:8:8:8:16,2,me\n";
  CHECK(scene.refusal("t.csv", rows + "8:8:8:8:8,3,me\n") ==
        "t.csv:4: '8:8:8:8:8' stands in line 2 with other values");
  CHECK(scene.refusal("t.csv", rows + "8:8:8:8:8,,me\n") ==
        "t.csv:4: '8:8:8:8:8' stands in line 2 with other values");
  CHECK(scene.refusal("t.csv", rows + "8:8:8:8:8,1,you\n").empty());
  CHECK(scene.refusal("t.json", R"([{"arch": "8:8:8:8:8", "acc": 1},
                                    {"arch": "8:8:8:8:8", "acc": 2}])") ==
        "t.json: entry 1: '8:8:8:8:8' stands in entry 0 with other values");
}

TEST_CASE("Of rows with different texts that are one point the last one stands") {
  Scene scene;
  const auto table = scene.table("t.csv", "arch,acc\n8:8:8:8:8,1\n8:08:8:8:8,2\n");
  CHECK(scene.metrics(*table, "8:8:8:8:8") == Metrics{{"accuracy", 2}});
}

TEST_CASE("A column that is not there is told with those that are") {
  Scene scene;
  const Columns wrong{{"accuracy", "nocol"}};
  CHECK(scene.refusal("t.csv", "arch,acc\n8:8:8:8:8,1\n", wrong) ==
        "t.csv:1: found no column 'nocol', expected one of arch, acc");
  CHECK(scene.refusal("t.csv", "cell,acc\n8:8:8:8:8,1\n") ==
        "t.csv:1: found no column 'arch', expected one of cell, acc");
  CHECK(scene.refusal("t.json", R"({"8:8:8:8:8": {"acc": 1}, "8:8:8:8:16": {"time": 1}})", wrong) ==
        "t.json: found no column 'nocol', expected one of acc, time");
}

TEST_CASE("What a table can report is what it names, or its columns with numbers") {
  Scene scene;
  const auto path = scene.scratch / "t.csv";
  std::ofstream(path) << "arch,acc,by,time\n8:8:8:8:8,,me,1\n8:8:8:8:16,1,me,\n";
  CHECK(table_metrics({path.string(), "arch", {}}) == std::vector<std::string>{"acc", "time"});
  CHECK(table_metrics({path.string(), "arch", {{"accuracy", "acc"}}}) ==
        std::vector<std::string>{"accuracy"});
}

}  // namespace
}  // namespace nas
