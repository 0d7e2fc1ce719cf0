#include "nas/report/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

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

TEST_CASE("Curves are those of supernets, of the best trial and of its retrainings") {
  const Scratch folder;
  write_file_atomically(folder.path() / "log.jsonl", kLog);
  const auto groups = read_curves(std::array{folder.path() / "log.jsonl"}, 1);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].unit == "step");
  CHECK(groups[0].curves.at(0).label == "loss");
  REQUIRE(groups[1].curves.size() == 1);  // no loss beside an accuracy
  CHECK(groups[1].curves[0].values == std::map<int64_t, double>{{1, 10}, {2, 25}});
  CHECK(groups[2].curves.at(0).values == std::map<int64_t, double>{{1, 70}});
}

TEST_CASE("A run without a log has no curves") {
  const Scratch folder;
  CHECK(read_curves(std::array{folder.path() / "log.jsonl"}, 0).empty());
}

TEST_CASE("A curve breaks off where a value is not finite, and its label is escaped") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string svg =
      draw_curves({"title", "epoch", {{"a<b", {{1, 1.0}, {2, 2.0}, {3, nan}, {4, 3.0}}}}});
  CHECK_THAT(svg, ContainsSubstring("a&lt;b"));
  CHECK(svg.find("a<b") == std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  const auto path = svg.substr(svg.find("<path d="));
  const auto line = path.substr(0, path.find(" class"));
  CHECK(std::count(line.begin(), line.end(), 'M') == 2);
  CHECK(std::count(line.begin(), line.end(), 'L') == 1);
}

TEST_CASE("Curves without any finite value draw nothing") {
  CHECK(draw_curves({"title", "epoch", {{"a", {{1, std::nan("")}}}}}).empty());
}

}  // namespace
}  // namespace nas
