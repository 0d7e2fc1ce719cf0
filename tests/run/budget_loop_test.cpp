#include "controllers/asha.hpp"
#include "controllers/median_stopping.hpp"
#include "nas/run/search_loop.hpp"
#include "tests/controllers/support.hpp"
#include "tests/run/curve_training.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using testing::Crash;
using testing::CurveLauncher;
using testing::Row;
using testing::Silent;

/// A search by ASHA with stopping by the median.
struct Search {
  testing::PlainSpace space{{{"height", RealInterval{0, 100}, std::nullopt}}};
  Objectives objectives{{"accuracy", Goal::maximize}};
  std::unique_ptr<TrialStore> store = make_memory_store();
  Scratch folder;
  SearchSettings settings{5, 80, 0, 5, objectives, 0, 9};
  int64_t inherited = 0;

  bool attempt(int64_t capacity, uint64_t order, int64_t crash_at) {
    AshaOptions options;
    options.max_budget = 9;
    const auto controller = make_asha(options, {space, objectives, 5, 9});
    const auto stopping = make_median_stopping({}, objectives.front());
    CurveLauncher launcher(capacity, order, crash_at);
    Silent observer;
    const RunFolder run(folder.path());
    bool finished = true;
    try {
      SearchLoop(settings, {*controller, *store, launcher, observer, run, stopping.get()}).run();
    } catch (const Crash&) {
      finished = false;
    }
    inherited += launcher.epochs_inherited;
    return finished;
  }

  std::vector<Row> rows() const { return testing::rows(*store); }
};

std::vector<Row> reference() {
  Search search;
  REQUIRE(search.attempt(1, 1, -1));
  return search.rows();
}

int64_t count(const std::vector<Row>& rows, TrialState state) {
  return std::count_if(rows.begin(), rows.end(),
                       [&](const Row& row) { return row.state == state; });
}

TEST_CASE("Promotions and early stops depend neither on workers nor on who finishes first") {
  const auto wanted = reference();
  REQUIRE(wanted.size() == 80);
  CHECK(count(wanted, TrialState::stopped) > 3);
  CHECK(count(wanted, TrialState::complete) > 20);
  for (const int64_t workers : {2, 5, 50}) {
    for (const uint64_t order : {1, 2}) {
      Search search;
      REQUIRE(search.attempt(workers, order, -1));
      CHECK(search.rows() == wanted);
    }
  }
}

TEST_CASE("A search with promotions and stops that crashes at any event goes on as if it had not") {
  const auto wanted = reference();
  for (int64_t crash_at = 0; crash_at < 80; crash_at += 3) {
    Search search;
    REQUIRE_FALSE(search.attempt(3, 1, crash_at));
    REQUIRE_FALSE(search.attempt(2, 2, 0));
    REQUIRE(search.attempt(4, 3, -1));
    CHECK(search.rows() == wanted);
  }
}

TEST_CASE("A promoted trial has its parent's seed and state, and the whole curve") {
  Search search;
  REQUIRE(search.attempt(3, 1, -1));
  const auto rows = search.rows();
  int64_t promoted = 0;
  for (const auto& row : rows) {
    if (!row.continues) continue;
    ++promoted;
    const auto& parent = rows[static_cast<size_t>(*row.continues)];
    CHECK(row.seed == parent.seed);
    CHECK(row.point == parent.point);
    CHECK(row.budget > parent.budget);
    if (row.state == TrialState::complete) {
      CHECK(row.curve.size() == static_cast<size_t>(row.budget));
      CHECK(row.curve.front().metrics == parent.curve.front().metrics);
    }
    if (row.cutoffs) CHECK(row.cutoffs->at.begin()->first > static_cast<int64_t>(parent.budget));
  }
  CHECK(promoted > 5);
  CHECK(search.inherited == promoted);
}

TEST_CASE("The folders that stay are the best's and of those that may still be promoted") {
  Search search;
  REQUIRE(search.attempt(3, 1, -1));
  const auto trials = search.store->trials();
  const auto best = best_trial(trials, search.objectives);
  REQUIRE(best);
  CHECK(trials[*best].budget == 9);
  const RunFolder run(search.folder.path());
  CHECK(std::filesystem::exists(run.checkpoints(Job::evaluate, trials[*best].number)));
  int64_t kept = 0;
  for (const auto& trial : trials) {
    if (!std::filesystem::exists(run.checkpoints(Job::evaluate, trial.number))) continue;
    ++kept;
    CHECK((trial.number == trials[*best].number || trial.budget < 9));
    CHECK(trial.state == TrialState::complete);
  }
  CHECK(kept < 60);
}

TEST_CASE("Promotion to the same result needs no state of the parent") {
  const auto wanted = reference();
  Search search;
  REQUIRE_FALSE(search.attempt(1, 1, 40));
  std::filesystem::remove_all(search.folder.path() / "checkpoints");
  REQUIRE(search.attempt(1, 1, -1));
  CHECK(search.rows() == wanted);
}

TEST_CASE("A total ends the search when so many units were newly spent, whoever works") {
  const auto spent_with = [](int64_t workers, std::vector<Row>& rows) {
    Search search;
    search.settings.trials = 0;
    search.settings.total = 60;
    REQUIRE(search.attempt(workers, 1, -1));
    rows = search.rows();
    double spent = 0;
    for (const auto& row : rows) {
      const double before = row.continues ? rows[static_cast<size_t>(*row.continues)].budget : 0;
      const auto reached = static_cast<double>(row.curve.empty() ? 0 : row.curve.back().step);
      spent += (row.state == TrialState::stopped ? reached : row.budget) - before;
    }
    return spent;
  };
  std::vector<Row> one;
  std::vector<Row> many;
  const double spent = spent_with(1, one);
  CHECK(spent >= 60);
  CHECK(spent < 60 + 9);
  CHECK(spent_with(7, many) == spent);
  CHECK(one == many);
}

}  // namespace
}  // namespace nas
