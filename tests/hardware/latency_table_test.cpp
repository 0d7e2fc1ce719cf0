#include "nas/hardware/latency_table.hpp"

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/hardware/table_meter.hpp"
#include "tests/hardware/plans.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using test::small_table;
using test::timed_plan;

const Shape kInput{3, 8, 8};

std::string complaint_of(const std::filesystem::path& file, const std::string& text) {
  write_file_atomically(file, text);
  try {
    read_latency_table(file.string());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("A predicted latency is the sum over the layers that run") {
  // Neither the dead end, nor the zeros, nor what hands on its input.
  CHECK(small_table().sum(timed_plan(), kInput) == 11'111);
  CHECK(small_table().predict(timed_plan(), kInput) == 11'111.5);
}

TEST_CASE("A layer that is met twice is counted twice") {
  NetworkPlan plan = timed_plan();
  plan.nodes.push_back({Relu{}, {7}, "again"});
  plan.outputs = {9};
  CHECK(small_table().sum(plan, kInput) == 11'211);
}

TEST_CASE("A missing entry is named") {
  LatencyTable table = small_table();
  table.entries.erase({"relu", {"4x8x8"}});
  CHECK_THROWS_WITH(table.sum(timed_plan(), kInput),
                    ContainsSubstring("small.json: no entry for relu on 4x8x8"));
  CHECK_THROWS_WITH(small_table().sum(timed_plan(), {3, 9, 8}), ContainsSubstring("on 3x9x8"));
}

TEST_CASE("The layers of a mixed layer are those of its options, on their share of the channels") {
  Mixed mixed;
  mixed.part = 2;
  NetworkPlan option;
  option.nodes = {{Input{}, {}, "input"}, {Relu{}, {0}, "relu"}};
  option.outputs = {1};
  mixed.options = {option, option};
  NetworkPlan plan;
  plan.nodes = {{Input{}, {}, "input"}, {mixed, {0}, "mixed"}};
  plan.outputs = {1};
  const auto layers = timed_layers(plan, {4, 8, 8});
  REQUIRE(layers.size() == 2);
  CHECK(to_text(layers[0].key()) == "relu on 2x8x8");
}

TEST_CASE("A table that is written and read predicts the same") {
  const Scratch scratch;
  LatencyTable table = small_table();
  table.threads = 2;
  table.batch_size = 8;
  table.device = {{"device", "cpu"}};
  table.entries.begin()->second = 1.2345678901234567e-5;
  write_file_atomically(scratch / "t.json", to_json(table).dump());
  const LatencyTable back = read_latency_table((scratch / "t.json").string());
  CHECK(back.entries == table.entries);
  CHECK(back.overhead == table.overhead);
  CHECK(back.threads == 2);
  CHECK(back.batch_size == 8);
  CHECK(back.device == table.device);
  CHECK(back.predict(timed_plan(), kInput) == table.predict(timed_plan(), kInput));
}

TEST_CASE("A file that is no latency table is refused with its place") {
  const Scratch scratch;
  const auto file = scratch / "t.json";
  const std::string head = R"({"threads": 1, "batch_size": 1, "overhead": 0, "entries": )";
  const auto complaint = [&](const std::string& text) { return complaint_of(file, text); };
  CHECK(complaint(head + "[]}").empty());
  CHECK_THAT(complaint("[1]"), ContainsSubstring(file.string() + ": found no JSON object"));
  CHECK_THAT(complaint("{"), ContainsSubstring("no JSON object"));
  CHECK_THAT(complaint(R"({"threads": 0})"), ContainsSubstring("threads: found 0"));
  CHECK_THAT(complaint(R"({"threads": 1, "batch_size": "8"})"), ContainsSubstring("batch_size"));
  CHECK_THAT(complaint(head + "{}}"), ContainsSubstring("no list 'entries'"));
  CHECK_THAT(complaint(head + "[7]}"), ContainsSubstring("entries[0]: found 7"));
  const std::string relu = R"({"layer": "relu", "inputs": ["1x2x2"], "seconds": 1})";
  CHECK_THAT(complaint(head + "[" + relu + "," + relu + "]}"),
             ContainsSubstring("entries[1]: found relu on 1x2x2 again"));
  for (const char* wrong : {"-1", "null", "\"1\"", "1e999"}) {
    INFO(wrong);
    CHECK_THAT(
        complaint(head + R"([{"layer": "relu", "inputs": ["1x2x2"], "seconds": )" + wrong + "}]}"),
        ContainsSubstring(std::string(wrong) == "1e999" ? "no JSON object" : "entries[0]"));
  }
  CHECK_THAT(complaint(head + R"([{"layer": "relu", "inputs": ["2x2"], "seconds": 1}]})"),
             ContainsSubstring("input shape"));
}

TEST_CASE("A meter of a table gives latency, or names what it lacks") {
  const Scratch scratch;
  HardwareConfig config;
  config.table = (scratch / "t.json").string();
  write_file_atomically(config.table, to_json(small_table()).dump());
  const auto meter = make_table_meter(config);
  CHECK(meter->repeatable());
  const Outcome known = meter->measure(timed_plan(), kInput);
  CHECK(std::get<Score>(known).metrics == Metrics{{"latency", 11'111.5}});
  const Outcome unknown = meter->measure(timed_plan(), {3, 16, 16});
  CHECK(std::get<Failure>(unknown).kind == "error");
  CHECK_THAT(std::get<Failure>(unknown).reason, ContainsSubstring("on 3x16x16"));
  config.batch_size = 2;
  CHECK_THROWS_WITH(make_table_meter(config), ContainsSubstring("batch size 1, expected 2"));
}

}  // namespace
}  // namespace nas
