#include "nas/store/migrations.hpp"

#include <sqlite3.h>

#include "nas/core/error.hpp"
#include "nas/store/trial_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b"}}, std::nullopt}};

/// A run's database as the first version wrote it.
void write_version_1(const std::filesystem::path& path) {
  SqliteDatabase database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  database.execute(R"sql(
    CREATE TABLE trials (
      number  INTEGER PRIMARY KEY,
      job     TEXT NOT NULL,
      state   TEXT NOT NULL,
      point   TEXT,
      budget  REAL NOT NULL,
      seed    INTEGER NOT NULL,
      metrics TEXT NOT NULL,
      started REAL NOT NULL,
      seconds REAL NOT NULL,
      error_kind   TEXT,
      error_reason TEXT
    );
    CREATE TABLE state (key TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
    INSERT INTO trials VALUES (0, 'evaluate', 'complete', '{"op": "b"}', 0, 17,
                               '{"accuracy": 93.25}', 1.5, 2.5, NULL, NULL);
    INSERT INTO state VALUES ('controller', 'bytes');
    PRAGMA user_version = 1;)sql");
}

TEST_CASE("A database of the first version is brought forward with all that it holds") {
  const Scratch folder;
  const auto path = folder.path() / "trials.db";
  write_version_1(path);
  const auto mode = GENERATE(OpenMode::read_only, OpenMode::read_write);
  const auto store = open_sqlite_store(path, kChoices, mode);
  const auto trial = store->find(0);
  REQUIRE(trial);
  CHECK(trial->point == Point{{int64_t{1}}});
  CHECK(trial->metrics == Metrics{{"accuracy", 93.25}});
  CHECK(trial->seed == 17);
  CHECK_FALSE(trial->continues);
  CHECK_FALSE(trial->cutoffs);
  CHECK(store->curve(0).empty());
  CHECK(store->get("controller") == "bytes");
}

TEST_CASE("A database that was brought forward takes promoted trials and curves") {
  const Scratch folder;
  const auto path = folder.path() / "trials.db";
  write_version_1(path);
  Trial promoted;
  promoted.number = 1;
  promoted.continues = 0;
  {
    const auto store = open_sqlite_store(path, kChoices, OpenMode::read_write);
    store->add(promoted);
    store->put_curve(1, {{3, {{"accuracy", 95}}}});
  }
  const auto again = open_sqlite_store(path, kChoices, OpenMode::read_write);
  CHECK(again->find(1)->continues == 0);
  CHECK(again->curve(1).size() == 1);
}

TEST_CASE("A database of a newer version is refused and left alone") {
  const Scratch folder;
  const auto path = folder.path() / "trials.db";
  write_version_1(path);
  SqliteDatabase(path, SQLITE_OPEN_READWRITE).execute("PRAGMA user_version = 99");
  for (const auto mode : {OpenMode::read_only, OpenMode::read_write}) {
    CHECK_THROWS_WITH(open_sqlite_store(path, kChoices, mode), ContainsSubstring("newer nas"));
  }
}

}  // namespace
}  // namespace nas
