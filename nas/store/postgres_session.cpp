#include "nas/store/postgres_session.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "nas/core/clock.hpp"
#include "nas/core/stop.hpp"

namespace nas {
namespace {

constexpr double kSecondsToStart = 10;
/// That a transaction may pause between two statements, where leases are shorter.
constexpr double kLeastSeconds = 5;
constexpr double kShortestPause = 0.05;
constexpr double kLongestPause = 2;

PostgresQuery lock_query(const char* sql, const PostgresLock& lock) {
  PostgresQuery query(sql);
  query.bind(lock.kind).bind(lock.experiment);
  return query;
}

/// Tries again, after longer and longer pauses, what fails with StoreUnavailable.
template <class What>
auto patiently(double seconds, const What& what) {
  const double end = steady_seconds() + seconds;
  for (double pause = kShortestPause;; pause = std::min(2 * pause, kLongestPause)) {
    try {
      return what();
    } catch (const StoreUnavailable&) {
      if (steady_seconds() + pause > end) throw;
    }
    if (stop_requested()) throw Interrupted();
    std::this_thread::sleep_for(std::chrono::duration<double>(pause));
  }
}

}  // namespace

PostgresSession::PostgresSession(const StoreConfig& config, OpenMode mode)
    : config_(config), mode_(mode) {
  patiently(std::min(kSecondsToStart, config.patience), [this] { connect(); });
}

void PostgresSession::connect() {
  connection_ = std::make_unique<PostgresConnection>(config_.url);
  // A worker that is paused in the middle of a transaction must not hold up the others for good.
  connection_->execute(fmt::format("SET idle_in_transaction_session_timeout = {}",
                                   std::llround(1000 * std::max(config_.lease, kLeastSeconds)))
                           .c_str());
  if (mode_ == OpenMode::read_only) {
    connection_->execute("SET default_transaction_read_only = on");
  }
  if (held_ && !take(*held_)) {
    throw RunError(
        "the connection to the store broke, and another worker went on with what this one did");
  }
}

PostgresRows PostgresSession::run(const PostgresQuery& query) {
  if (in_transaction_) return connection_->run(query);
  return patiently(config_.patience, [&] { return connected().run(query); });
}

void PostgresSession::run(const std::function<void(PostgresConnection& connection)>& what) {
  patiently(config_.patience, [&] {
    try {
      what(connected());
    } catch (...) {
      connection_.reset();  // it may be in the middle of something
      throw;
    }
  });
}

PostgresConnection& PostgresSession::connected() {
  if (!connection_ || connection_->broken()) {
    connection_.reset();
    connect();
  }
  return *connection_;
}

void PostgresSession::transaction(const PostgresLock& lock, const std::function<void()>& change) {
  locked_transaction(lock_query("SELECT pg_advisory_xact_lock($1::int, $2::int) IS NOT NULL", lock),
                     change);
}

bool PostgresSession::try_transaction(const PostgresLock& lock,
                                      const std::function<void()>& change) {
  return locked_transaction(lock_query("SELECT pg_try_advisory_xact_lock($1::int, $2::int)", lock),
                            change);
}

bool PostgresSession::locked_transaction(const PostgresQuery& lock,
                                         const std::function<void()>& change) {
  run(PostgresQuery("BEGIN"));
  in_transaction_ = true;
  try {
    const bool locked = connection_->run(lock).boolean(0, 0);
    if (locked) change();
    connection_->commit();
    in_transaction_ = false;
    return locked;
  } catch (...) {
    roll_back();
    throw;
  }
}

/// A transaction that failed may be gone with its connection: that is no second error.
void PostgresSession::roll_back() {
  in_transaction_ = false;
  try {
    connection_->execute("ROLLBACK");
  } catch (const RunError&) {
    return;
  }
}

bool PostgresSession::hold(const PostgresLock& lock) {
  if (held_) return true;
  const auto query = lock_query("SELECT pg_try_advisory_lock($1::int, $2::int)", lock);
  if (!run(query).boolean(0, 0)) return false;
  held_ = lock;
  return true;
}

bool PostgresSession::take(const PostgresLock& lock) {
  return connection_->run(lock_query("SELECT pg_try_advisory_lock($1::int, $2::int)", lock))
      .boolean(0, 0);
}

}  // namespace nas
