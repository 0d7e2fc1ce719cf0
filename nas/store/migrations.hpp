#pragma once

#include "nas/store/sqlite.hpp"

namespace nas {

/// The schema that this program writes; `PRAGMA user_version` of the file.
inline constexpr int64_t kSchemaVersion = 1;

/// Brings an older (or empty) database forward in one transaction. Throws RunError for a newer one.
void migrate(SqliteDatabase& database, const std::string& file);

/// Throws RunError unless the database has this program's schema.
void expect_current_schema(const SqliteDatabase& database, const std::string& file);

}  // namespace nas
