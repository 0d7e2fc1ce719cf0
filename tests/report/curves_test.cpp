#include "nas/report/curves.hpp"

#include <array>

#include "nas/core/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

constexpr const char* kLog =
    R"({"event":"trial_started","number":0,"job":"supernet"}
{"event":"trial_progress","number":0,"unit":"step","done":1,"total":2,"metrics":{"loss":2.5}}
{"event":"trial_started","number":1,"job":"evaluate"}
{"event":"trial_progress","number":1,"unit":"epoch","done":1,"total":2,"metrics":{"train_accuracy":10,"train_loss":3}}
{"event":"trial_progress","number":1,"unit":"epoch","done":2,"total":2,"metrics":{"train_accuracy":20,"train_loss":null}}
{"event":"trial_started","number":2,"job":"evaluate"}
{"event":"trial_progress","number":2,"unit":"epoch","done":1,"total":2,"metrics":{"train_accuracy":99}}
{"event":"trial_started","number":1,"job":"evaluate"}
{"event":"trial_progress","number":1,"unit":"epoch","done":2,"total":2,"metrics":{"train_accuracy":25}}
{"event":"trial_started","number":1,"job":"retrain"}
{"event":"trial_progress","number":1,"unit":"epoch","done":1,"total":2,"metrics":{"train_accuracy":70}}
{"event":"trial_progress","number":1,"unit":"epo
)";

std::vector<CurveGroup> read_curves(const std::filesystem::path& log, int64_t best) {
  CurveReader reader;
  reader.read(std::array{log});
  return reader.groups(best);
}

TEST_CASE("Curves are those of supernets, of the best trial and of its retrainings") {
  const Scratch folder;
  write_file_atomically(folder.path() / "log.jsonl", kLog);
  const auto groups = read_curves(folder.path() / "log.jsonl", 1);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].unit == "step");
  CHECK(groups[0].curves.at(0).label == "loss");
  REQUIRE(groups[1].curves.size() == 1);  // no loss beside an accuracy
  CHECK(groups[1].curves[0].values == std::map<int64_t, double>{{1, 10}, {2, 25}});
  CHECK(groups[2].curves.at(0).values == std::map<int64_t, double>{{1, 70}});
}

TEST_CASE("Of a log that grows each line counts once it is whole") {
  const Scratch folder;
  const auto log = folder.path() / "log.jsonl";
  CurveReader reader;
  const std::string text = kLog;
  for (const size_t bytes : {size_t{10}, text.find("\"done\":2,"), text.size()}) {
    write_file_atomically(log, text.substr(0, bytes));
    reader.read(std::array{log});
  }
  reader.read(std::array{log});
  const auto groups = reader.groups(1);
  REQUIRE(groups.size() == 3);
  CHECK(groups[1].curves[0].values == std::map<int64_t, double>{{1, 10}, {2, 25}});
}

TEST_CASE("A run without a log has no curves") {
  const Scratch folder;
  CHECK(read_curves(folder.path() / "log.jsonl", 0).empty());
}

}  // namespace
}  // namespace nas
