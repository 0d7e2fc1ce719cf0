#include "nas/store/sqlite.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr int kBusyMilliseconds = 20'000;

}  // namespace

SqliteQuery::SqliteQuery(sqlite3* database, sqlite3_stmt* statement, std::string file)
    : database_(database), statement_(statement), file_(std::move(file)) {}

SqliteQuery::~SqliteQuery() { sqlite3_finalize(statement_); }

void SqliteQuery::check(int status) const {
  if (status == SQLITE_OK || status == SQLITE_ROW || status == SQLITE_DONE) return;
  throw RunError(fmt::format("{}: {}", file_, sqlite3_errmsg(database_)));
}

SqliteQuery& SqliteQuery::bind(int index, int64_t value) {
  check(sqlite3_bind_int64(statement_, index, value));
  return *this;
}

SqliteQuery& SqliteQuery::bind(int index, double value) {
  check(sqlite3_bind_double(statement_, index, value));
  return *this;
}

SqliteQuery& SqliteQuery::bind(int index, std::string_view text) {
  // A null destructor (SQLITE_STATIC): the text outlives the query.
  check(sqlite3_bind_text64(statement_, index, text.data(), text.size(), nullptr, SQLITE_UTF8));
  return *this;
}

SqliteQuery& SqliteQuery::bind_null(int index) {
  check(sqlite3_bind_null(statement_, index));
  return *this;
}

bool SqliteQuery::step() {
  const int status = sqlite3_step(statement_);
  check(status);
  return status == SQLITE_ROW;
}

int64_t SqliteQuery::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double SqliteQuery::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string SqliteQuery::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

bool SqliteQuery::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

SqliteDatabase::SqliteDatabase(const std::filesystem::path& path, int flags)
    : file_(path.string()) {
  if (sqlite3_open_v2(path.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
    const std::string reason = sqlite3_errmsg(database_);
    sqlite3_close_v2(database_);
    throw RunError(fmt::format("{}: {}", file_, reason));
  }
  sqlite3_busy_timeout(database_, kBusyMilliseconds);
}

SqliteDatabase::~SqliteDatabase() { sqlite3_close_v2(database_); }

void SqliteDatabase::execute(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw RunError(fmt::format("{}: {}", file_, sqlite3_errmsg(database_)));
  }
}

SqliteQuery SqliteDatabase::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, sql.data(), static_cast<int>(sql.size()), &statement,
                         nullptr) != SQLITE_OK) {
    throw RunError(fmt::format("{}: {}", file_, sqlite3_errmsg(database_)));
  }
  return {database_, statement, file_};
}

int SqliteDatabase::changes() const { return sqlite3_changes(database_); }

}  // namespace nas
