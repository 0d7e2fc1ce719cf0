#include "nas/store/postgres_migrations.hpp"

#include <fmt/core.h>

#include <array>

namespace nas {
namespace {

/// Step i brings version i to version i + 1. Never change one that was released: add another.
constexpr std::array<const char*, kPostgresSchemaVersion> kSteps{
    R"sql(
    CREATE TABLE nas_experiments (
      id            integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      name          text NOT NULL UNIQUE,
      configuration text NOT NULL,              -- SHA-256
      folder        text NOT NULL,
      elapsed       double precision NOT NULL DEFAULT 0,  -- seconds in which somebody worked
      seen          timestamptz                 -- when somebody worked last
    );
    CREATE TABLE nas_trials (
      experiment   integer NOT NULL REFERENCES nas_experiments ON DELETE CASCADE,
      number       bigint NOT NULL,
      job          text NOT NULL,
      state        text NOT NULL,
      point        text,                        -- JSON keyed by choice name
      budget       double precision NOT NULL,
      seed         bigint NOT NULL,
      metrics      text NOT NULL,               -- JSON
      started      double precision NOT NULL,   -- seconds since 1970
      seconds      double precision NOT NULL,
      error_kind   text,
      error_reason text,
      continues    bigint,                      -- number of the trial it is promoted from
      cutoffs      text,                        -- JSON
      attempt      bigint NOT NULL DEFAULT 0,   -- fencing token: grows with each hand-out
      worker       text,                        -- who has it, or had it last
      lease_until  timestamptz,                 -- of a running trial
      losses       bigint NOT NULL DEFAULT 0,   -- leases that ran out
      PRIMARY KEY (experiment, number)
    ) WITH (fillfactor = 70);
    CREATE INDEX nas_open_trials ON nas_trials (experiment, number)
      WHERE state IN ('waiting', 'running');
    CREATE TABLE nas_curves (
      experiment integer NOT NULL REFERENCES nas_experiments ON DELETE CASCADE,
      trial      bigint NOT NULL,
      curve      text NOT NULL,                 -- JSON: [[step, metrics]...]
      PRIMARY KEY (experiment, trial)
    );
    CREATE TABLE nas_state (
      experiment integer NOT NULL REFERENCES nas_experiments ON DELETE CASCADE,
      key        text NOT NULL,
      bytes      bytea NOT NULL,
      PRIMARY KEY (experiment, key)
    );
    )sql"};

}  // namespace

int64_t postgres_schema(PostgresConnection& connection) {
  // Not to_regclass(), which may not see what another process made while this one waited for it.
  const auto there = connection.run(
      PostgresQuery("SELECT EXISTS (SELECT FROM pg_tables WHERE tablename = 'nas_schema' "
                    "  AND schemaname = ANY (current_schemas(false)))"));
  if (!there.boolean(0, 0)) return 0;
  const auto rows = connection.run(PostgresQuery("SELECT version FROM nas_schema"));
  const int64_t version = rows.size() == 0 ? 0 : rows.integer(0, 0);
  if (version > kPostgresSchemaVersion) {
    throw RunError(
        fmt::format("the store: found schema version {}, expected at most {}; a newer nas wrote it",
                    version, kPostgresSchemaVersion));
  }
  return version;
}

void migrate(PostgresConnection& connection) {
  if (postgres_schema(connection) == kPostgresSchemaVersion) return;
  connection.execute("BEGIN; SELECT pg_advisory_xact_lock(hashtext('nas_schema'))");
  const int64_t version = postgres_schema(connection);
  if (version == 0) connection.execute("CREATE TABLE nas_schema (version bigint NOT NULL)");
  for (int64_t step = version; step < kPostgresSchemaVersion; ++step) {
    connection.execute(kSteps[static_cast<size_t>(step)]);
  }
  connection.execute("DELETE FROM nas_schema");
  connection.run(
      PostgresQuery("INSERT INTO nas_schema (version) VALUES ($1)").bind(kPostgresSchemaVersion));
  connection.commit();
}

}  // namespace nas
