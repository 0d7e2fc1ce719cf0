#include <sqlite3.h>

#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/store/sqlite.hpp"
#include "nas/store/trial_store.hpp"
#include "tests/faults/faulty_calls.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b"}}, std::nullopt}};
constexpr int64_t kTrials = 4;
constexpr int64_t kSteps = 3 * kTrials;

/// One transaction of a search: a trial is proposed together with the searcher's state, starts, and
/// ends with its curve.
void make_step(TrialStore& store, int64_t step) {
  Trial trial;
  trial.number = step / 3;
  trial.point = Point{{int64_t{1}}};
  if (step % 3 == 0) {
    store.transaction([&] {
      store.add(trial);
      // Several pages, so that a write can end between two of them.
      store.put("controller", std::string(20'000, static_cast<char>('a' + trial.number)));
    });
    return;
  }
  trial.state = step % 3 == 1 ? TrialState::running : TrialState::complete;
  if (step % 3 == 1) return store.update(trial);
  trial.metrics = {{"loss", 0.5 * static_cast<double>(trial.number)}};
  store.transaction([&] {
    store.update(trial);
    store.put_curve(trial.number, {{1, {{"loss", 2}}}});
  });
}

std::string all_of(const TrialStore& store) {
  std::string text = store.get("controller").value_or("none");
  for (const Trial& trial : store.trials()) {
    text += to_json(kChoices, trial).dump() + to_json(store.curve(trial.number)).dump();
  }
  return text;
}

std::unique_ptr<TrialStore> open_in(const Scratch& folder) {
  return open_sqlite_store(folder / "trials.db", kChoices, OpenMode::read_write);
}

/// What the store holds after 0, 1, 2, ... steps.
std::vector<std::string> undisturbed() {
  const Scratch folder;
  const auto store = open_in(folder);
  std::vector<std::string> states{all_of(*store)};
  for (int64_t step = 0; step < kSteps; ++step) {
    make_step(*store, step);
    states.push_back(all_of(*store));
  }
  return states;
}

std::string integrity(const Scratch& folder) {
  SqliteDatabase database(folder / "trials.db", SQLITE_OPEN_READWRITE);
  auto query = database.prepare("PRAGMA integrity_check");
  query.step();
  return query.text(0);
}

TEST_CASE("Whatever call a store's disk fails at, it holds all that it said it does, and goes on") {
  const auto states = undisturbed();
  const auto fault =
      GENERATE(Fault::error, Fault::dead_disk, Fault::short_write, Fault::full_disk, Fault::kill);
  int64_t call = 1;
  for (bool reached = true; reached; ++call) {
    INFO("fault " << static_cast<int>(fault) << " at call " << call);
    const Scratch folder;
    const Work work = work_under_faults({folder.path(), call, fault}, [&](Work& done) {
      const auto store = open_in(folder);
      for (int64_t step = 0; step < kSteps; ++step) {
        make_step(*store, step);
        ++done.steps;
      }
    });
    reached = work.calls >= call;
    auto store = open_in(folder);
    CHECK(integrity(folder) == "ok");
    // The step under way may have been made, or not; nothing else may differ.
    const std::string found = all_of(*store);
    const auto steps = static_cast<size_t>(work.steps);
    const bool next_made = steps + 1 < states.size() && found == states[steps + 1];
    REQUIRE((found == states[steps] || next_made));
    for (size_t step = next_made ? steps + 1 : steps; step < states.size() - 1; ++step) {
      make_step(*store, static_cast<int64_t>(step));
    }
    CHECK(all_of(*store) == states.back());
    store.reset();
    CHECK(integrity(folder) == "ok");
  }
  CHECK(call > 100);
}

/// That the check above can fail at all.
TEST_CASE("A database without a journal does not survive these faults") {
  const auto fault = GENERATE(Fault::dead_disk, Fault::full_disk, Fault::kill);
  int64_t damaged = 0;
  bool reached = true;
  for (int64_t call = 1; reached; ++call) {
    const Scratch folder;
    const Work work = work_under_faults({folder.path(), call, fault}, [&](Work&) {
      SqliteDatabase database(folder / "trials.db", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
      database.execute("PRAGMA journal_mode = OFF; CREATE TABLE t (bytes BLOB)");
      for (int i = 0; i < 4; ++i) {
        database.execute(
            "BEGIN; INSERT INTO t VALUES (zeroblob(9000)); "
            "INSERT INTO t VALUES (zeroblob(9000)); COMMIT");
      }
    });
    reached = work.calls >= call;
    try {
      damaged += integrity(folder) == "ok" ? 0 : 1;
    } catch (const RunError&) {
      ++damaged;
    }
  }
  CHECK(damaged > 0);
}

}  // namespace
}  // namespace nas
