#pragma once

#include "nas/store/sqlite.hpp"

namespace nas {

/// The schema that this program writes; `PRAGMA user_version` of the file.
inline constexpr int64_t kSchemaVersion = 2;

/// Brings an older (or empty) database forward in one transaction. Throws RunError for a newer one.
void migrate(SqliteDatabase& database, const std::string& file);

/// Whether the database has an older schema; throws RunError for a newer one.
bool has_older_schema(const SqliteDatabase& database, const std::string& file);

}  // namespace nas
