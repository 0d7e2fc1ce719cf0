#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nas/core/error.hpp"

struct pg_conn;
struct pg_result;

namespace nas {

/// The store does not answer, or gave up on a change that may be made again as it is: it passes.
class StoreUnavailable : public RunError {
 public:
  using RunError::RunError;
};

/// One statement and what is bound to it, in the order of $1, $2, ...
class PostgresQuery {
 public:
  explicit PostgresQuery(std::string sql) : sql_(std::move(sql)) {}

  PostgresQuery& bind(int64_t value);
  PostgresQuery& bind(double value);
  /// What is no UTF-8, and zeros, which PostgreSQL has no texts with, are replaced.
  PostgresQuery& bind(std::string_view text);
  PostgresQuery& bind_bytes(std::string_view bytes);
  PostgresQuery& bind_null();

 private:
  friend class PostgresConnection;

  std::string sql_;
  std::vector<std::optional<std::string>> values_;
  std::vector<int> formats_;  // 0: text, 1: bytes
};

/// What a statement returned.
class PostgresRows {
 public:
  explicit PostgresRows(pg_result* result);

  int64_t size() const;
  int64_t integer(int64_t row, int column) const;
  double real(int64_t row, int column) const;
  bool boolean(int64_t row, int column) const;
  std::string text(int64_t row, int column) const;
  std::string bytes(int64_t row, int column) const;
  bool is_null(int64_t row, int column) const;
  /// How many rows an INSERT, UPDATE or DELETE changed.
  int64_t changes() const;
  /// What PostgreSQL says it did: "COMMIT".
  std::string tag() const;

 private:
  std::string_view value(int64_t row, int column) const;

  std::shared_ptr<pg_result> result_;
};

/// Where a database is; nothing where `url` is no address of PostgreSQL.
struct PostgresPlace {
  std::string name;             // for messages, without anything secret: "postgresql://host/db"
  bool holds_password = false;  // a password in the address itself
};
std::optional<PostgresPlace> postgres_place(const std::string& url);

/// One connection. A server or a network that is gone is noticed within half a minute. Errors throw
/// StoreUnavailable where the same statement may succeed later (SQLSTATE classes 08, 40, 53 and
/// 57P, and connections that broke), else RunError. No message holds what was bound, nor anything
/// secret of the address.
class PostgresConnection {
 public:
  /// Throws RunError where a server answers and refuses.
  explicit PostgresConnection(const std::string& url);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  /// Whether the connection broke; what was under way then is undone, or done.
  bool broken() const;
  PostgresRows run(const PostgresQuery& query);
  /// Several statements without parameters.
  void execute(const char* sql);
  /// Throws RunError where PostgreSQL undid the transaction instead, after an error in it.
  void commit();

 private:
  pg_result* checked(pg_result* result);

  std::string name_;
  pg_conn* connection_ = nullptr;
};

}  // namespace nas
