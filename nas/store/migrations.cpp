#include "nas/store/migrations.hpp"

#include <fmt/core.h>

#include <array>

#include "nas/core/error.hpp"

namespace nas {
namespace {

/// Step i brings version i to version i + 1. Never change one that was released: add another.
constexpr std::array<const char*, kSchemaVersion> kSteps{
    R"sql(
    CREATE TABLE trials (
      number  INTEGER PRIMARY KEY,
      job     TEXT NOT NULL,
      state   TEXT NOT NULL,
      point   TEXT,            -- JSON keyed by choice name
      budget  REAL NOT NULL,
      seed    INTEGER NOT NULL,
      metrics TEXT NOT NULL,   -- JSON
      started REAL NOT NULL,   -- seconds since 1970
      seconds REAL NOT NULL,
      error_kind   TEXT,
      error_reason TEXT
    );
    CREATE TABLE state (
      key   TEXT PRIMARY KEY,
      bytes BLOB NOT NULL
    ) WITHOUT ROWID;
    )sql",
    R"sql(
    ALTER TABLE trials ADD COLUMN continues INTEGER;  -- number of the trial it is promoted from
    ALTER TABLE trials ADD COLUMN cutoffs TEXT;       -- JSON
    CREATE TABLE curves (
      trial INTEGER PRIMARY KEY,
      curve TEXT NOT NULL      -- JSON: [[step, metrics]...]
    );
    )sql"};

int64_t version_of(const SqliteDatabase& database) {
  auto query = database.prepare("PRAGMA user_version");
  query.step();
  return query.integer(0);
}

[[noreturn]] void refuse(const std::string& file, int64_t version) {
  throw RunError(
      fmt::format("{}: found schema version {}, expected at most {}; a newer nas wrote it", file,
                  version, kSchemaVersion));
}

}  // namespace

void migrate(SqliteDatabase& database, const std::string& file) {
  if (version_of(database) == kSchemaVersion) return;
  database.execute("BEGIN IMMEDIATE");
  const int64_t version = version_of(database);
  if (version > kSchemaVersion) refuse(file, version);
  for (int64_t step = version; step < kSchemaVersion; ++step) {
    database.execute(kSteps[static_cast<size_t>(step)]);
  }
  database.execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion).c_str());
  database.execute("COMMIT");
}

bool has_older_schema(const SqliteDatabase& database, const std::string& file) {
  const int64_t version = version_of(database);
  if (version > kSchemaVersion) refuse(file, version);
  return version < kSchemaVersion;
}

}  // namespace nas
