#include "nas/run/search_loop.hpp"
#include "controllers/random.hpp"
#include "controllers/regularized_evolution.hpp"
#include "nas/core/error.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/run/fake_launcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using testing::Crash;
using testing::FakeLauncher;
using testing::Silent;

/// The sum of a point's values and a part of its seed; every seventh trial fails.
Outcome evaluate_by_values(const Assignment& assignment) {
  if (assignment.number % 7 == 3) return Failure{"nan", "made to fail"};
  double score = static_cast<double>(assignment.seed % 1000) / 1000;
  for (const auto& value : assignment.point->values) {
    score += static_cast<double>(std::get<int64_t>(value));
  }
  return Score{{{"validation_accuracy", score}}, {}};
}

using Summary =
    std::vector<std::tuple<int64_t, TrialState, std::optional<Point>, Metrics, uint64_t>>;

/// One process of a search: true when it came to its end.
struct Search {
  std::unique_ptr<Space> space = make_nas_bench_201({}, {});
  Objectives objectives{Objective{}};
  std::unique_ptr<TrialStore> store = make_memory_store();
  Scratch folder;
  int64_t events = 0;

  bool attempt(int64_t capacity, uint64_t order, int64_t crash_at) {
    const auto controller = make_evolution({6, 3}, {*space, objectives, 5});
    FakeLauncher launcher(capacity, order, crash_at, evaluate_by_values);
    Silent observer;
    const RunFolder run(folder.path());
    const SearchSettings settings{5, 60, 0, 5, objectives};
    bool finished = true;
    try {
      SearchLoop(settings, {*controller, *store, launcher, observer, run}).run();
    } catch (const Crash&) {
      finished = false;
    }
    events = launcher.events();
    return finished;
  }

  Summary summary() const {
    Summary list;
    for (const auto& t : store->trials())
      list.emplace_back(t.number, t.state, t.point, t.metrics, t.seed);
    return list;
  }
};

Summary reference() {
  Search search;
  REQUIRE(search.attempt(1, 1, -1));
  return search.summary();
}

TEST_CASE("Trials depend neither on the number of workers nor on who finishes first") {
  const Summary wanted = reference();
  REQUIRE(wanted.size() == 60);
  for (const int64_t workers : {2, 5, 50}) {
    for (const uint64_t order : {1, 2, 3}) {
      Search search;
      REQUIRE(search.attempt(workers, order, -1));
      CHECK(search.summary() == wanted);
    }
  }
}

TEST_CASE("A search that crashes at any event goes on as if it had not") {
  const Summary wanted = reference();
  for (int64_t crash_at = 0; crash_at < 60; ++crash_at) {
    Search search;
    REQUIRE_FALSE(search.attempt(3, 1, crash_at));
    REQUIRE_FALSE(search.attempt(2, 2, 0));
    REQUIRE(search.attempt(4, 3, -1));
    CHECK(search.summary() == wanted);
  }
}

TEST_CASE("Leaving the controller's state out of a resumed search is noticed") {
  const Summary wanted = reference();
  Search search;
  REQUIRE_FALSE(search.attempt(3, 1, 30));
  SECTION("its bytes are another one's") {
    search.store->put("controller", "[]");
    REQUIRE(search.attempt(3, 1, -1));
    CHECK_FALSE(search.summary() == wanted);
  }
  SECTION("results are taken for told that were not") {
    search.store->put("searcher", R"({"told": 40})");
    REQUIRE(search.attempt(3, 1, -1));
    CHECK_FALSE(search.summary() == wanted);
  }
}

TEST_CASE("A finished search does nothing more") {
  Search search;
  REQUIRE(search.attempt(2, 1, -1));
  const Summary before = search.summary();
  REQUIRE(search.attempt(2, 1, 0));
  CHECK(search.events == 0);
  CHECK(search.summary() == before);
}

}  // namespace
}  // namespace nas
