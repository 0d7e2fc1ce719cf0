#include "nas/run/shared_search.hpp"

#include <atomic>
#include <thread>

#include "controllers/asha.hpp"
#include "controllers/median_stopping.hpp"
#include "nas/run/search_loop.hpp"
#include "tests/controllers/support.hpp"
#include "tests/run/curve_training.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"

namespace nas {
namespace {

using testing::Crash;
using testing::CurveLauncher;
using testing::Row;
using testing::Silent;

bool skipped() {
  if (test_postgres().missing().empty()) return false;
  WARN("skipped: " << test_postgres().missing());
  return true;
}

/// A search by ASHA with stopping by the median, which any number of workers join.
struct Search {
  testing::PlainSpace space{{{"height", RealInterval{0, 100}, std::nullopt}}};
  Objectives objectives{{"accuracy", Goal::maximize}};
  Scratch folder;
  SearchSettings settings{5, 80, 0, 5, objectives, 0, 9};
  SharedExperiment experiment = new_experiment();
  StoreConfig config;
  std::atomic<int64_t> warnings = 0;

  Search() {
    config.url = test_postgres().url();
    config.lease = 1;
  }

  std::unique_ptr<Controller> controller() const {
    AshaOptions options;
    options.max_budget = 9;
    return make_asha(options, {space, objectives, 5, 9});
  }

  std::unique_ptr<SharedStore> open() const {
    return open_postgres_store(config, experiment, space.choices(), OpenMode::read_write);
  }

  /// One worker, which crashes without a word at its event `crash_at`; whether it came to the end.
  bool work(int64_t capacity, uint64_t order, int64_t crash_at) {
    const auto store = open();
    CurveLauncher launcher(capacity, order, crash_at);
    Silent observer;
    const RunFolder run(folder.path());
    try {
      SharedSearch(settings,
                   {[this] { return controller(); },
                    [this] { return make_median_stopping({}, objectives.front()); }, *store,
                    launcher, observer, run, config, [this](const std::string&) { ++warnings; }})
          .run();
    } catch (const Crash&) {
      return false;
    }
    return true;
  }

  /// That of one process with a store of its own.
  std::vector<Row> alone() const {
    const auto store = make_memory_store();
    const Scratch own;
    const auto made = controller();
    const auto stopping = make_median_stopping({}, objectives.front());
    CurveLauncher launcher(1, 1, -1);
    Silent observer;
    const RunFolder run(own.path());
    SearchLoop(settings, {*made, *store, launcher, observer, run, stopping.get()}).run();
    return testing::rows(*store);
  }
};

TEST_CASE("Trials of a worker of a shared store are those of one process") {
  if (skipped()) return;
  Search search;
  const auto wanted = search.alone();
  REQUIRE(wanted.size() == 80);
  REQUIRE(search.work(3, 1, -1));
  const auto store = search.open();
  CHECK(testing::rows(*store) == wanted);
  CHECK(search.work(3, 1, 0));  // there is nothing left to do
  CHECK(search.warnings == 0);
}

TEST_CASE("Workers that come, crash and share the work leave the trials of one process") {
  if (skipped()) return;
  Search search;
  const auto wanted = search.alone();
  std::vector<std::thread> workers;
  std::atomic<int64_t> crashes = 0;
  const auto live = [&](uint64_t worker, uint64_t life) {
    const auto crash_at = life < 2 ? static_cast<int64_t>(worker) + 4 : -1;
    const bool ended = search.work(2, 10 * worker + life, crash_at);
    if (!ended) ++crashes;
    return ended;
  };
  // Of threads one may come when the others have done everything.
  for (uint64_t i = 0; i < 4; ++i) live(i, 0);
  for (uint64_t i = 0; i < 4; ++i) {
    workers.emplace_back([&, i] {
      for (uint64_t life = 1; life < 3; ++life) {
        if (live(i, life)) return;
      }
    });
  }
  for (auto& worker : workers) worker.join();
  const auto store = search.open();
  CHECK(testing::rows(*store) == wanted);
  CHECK(crashes >= 4);
  int64_t again = 0;
  for (const auto& trial : store->trials()) again += trial.attempt > 1 ? 1 : 0;
  CHECK(again > 0);
}

TEST_CASE("Only folders that are still needed stay behind the workers") {
  if (skipped()) return;
  Search search;
  REQUIRE_FALSE(search.work(3, 1, 30));
  REQUIRE(search.work(2, 2, -1));
  const auto store = search.open();
  const auto trials = store->trials();
  const auto best = best_trial(trials, search.objectives);
  REQUIRE(best);
  const RunFolder run(search.folder.path());
  CHECK(std::filesystem::exists(run.checkpoints(Job::evaluate, trials[*best].number)));
  int64_t kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(search.folder / "checkpoints")) {
    CHECK(entry.path().filename().string().find("attempt") == std::string::npos);
    ++kept;
  }
  CHECK(kept < 60);
}

}  // namespace
}  // namespace nas
