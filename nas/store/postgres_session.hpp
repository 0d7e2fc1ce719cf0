#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "nas/store/postgres.hpp"
#include "nas/store/store_config.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// An advisory lock of PostgreSQL: a kind of lock, and the experiment that it is of.
struct PostgresLock {
  int64_t kind = 0;
  int64_t experiment = 0;
};

/// A connection that is made again where it breaks.
class PostgresSession {
 public:
  /// Waits some seconds for a server that starts, not for one that refuses. `config` is copied.
  PostgresSession(const StoreConfig& config, OpenMode mode);

  /// A statement that may be made twice. Outside of a transaction it waits for a server that does
  /// not answer, up to StoreConfig::patience, and throws Interrupted where a stop signal comes
  /// meanwhile. Within one it throws StoreUnavailable.
  PostgresRows run(const PostgresQuery& query);

  /// Everything that `change` does under the lock, or nothing where it throws. Waits for the lock.
  void transaction(const PostgresLock& lock, const std::function<void()>& change);
  /// The same, but false, with nothing done, where another session holds the lock.
  bool try_transaction(const PostgresLock& lock, const std::function<void()>& change);

  /// Takes a lock for as long as the session lives, false where another one holds it. Where the
  /// connection broke since and another one took the lock, run() throws RunError.
  bool hold(const PostgresLock& lock);

  /// The same patience for several statements that may be made twice; outside of transactions.
  void run(const std::function<void(PostgresConnection& connection)>& what);

 private:
  void connect();
  PostgresConnection& connected();
  bool locked_transaction(const PostgresQuery& lock, const std::function<void()>& change);
  void roll_back();
  bool take(const PostgresLock& lock);

  StoreConfig config_;
  OpenMode mode_;
  std::unique_ptr<PostgresConnection> connection_;
  std::optional<PostgresLock> held_;
  bool in_transaction_ = false;
};

}  // namespace nas
