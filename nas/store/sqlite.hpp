#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace nas {

/// A prepared statement. Texts bound to it must outlive it. Errors throw RunError.
class SqliteQuery {
 public:
  SqliteQuery(sqlite3* database, sqlite3_stmt* statement, std::string file);
  ~SqliteQuery();
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  /// Parameters are numbered from 1.
  SqliteQuery& bind(int index, int64_t value);
  SqliteQuery& bind(int index, double value);
  SqliteQuery& bind(int index, std::string_view text);
  SqliteQuery& bind_null(int index);
  /// Whether there is a row.
  bool step();
  int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  void check(int status) const;

  sqlite3* database_;
  sqlite3_stmt* statement_;
  std::string file_;
};

/// One connection.
class SqliteDatabase {
 public:
  SqliteDatabase(const std::filesystem::path& path, int flags);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  void execute(const char* sql);
  SqliteQuery prepare(std::string_view sql) const;
  int changes() const;

 private:
  sqlite3* database_ = nullptr;
  std::string file_;
};

}  // namespace nas
