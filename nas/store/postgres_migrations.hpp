#pragma once

#include "nas/store/postgres.hpp"

namespace nas {

/// The schema that this program writes to PostgreSQL; the one row of table nas_schema.
inline constexpr int64_t kPostgresSchemaVersion = 1;

/// The version of the database's schema, 0 where it is empty. Throws RunError for a newer one.
int64_t postgres_schema(PostgresConnection& connection);

/// Brings an older (or empty) database forward in one transaction; of several processes that come
/// at once one does. Throws RunError for a newer one.
void migrate(PostgresConnection& connection);

}  // namespace nas
