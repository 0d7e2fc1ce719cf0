#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nas/store/store_config.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// A trial in somebody's hands. `attempt`, which grows by one with each hand-out, is the fencing
/// token: whoever holds an older one changes nothing any more.
struct Lease {
  int64_t number = 0;
  int64_t attempt = 0;
  bool operator==(const Lease&) const = default;
};

/// How the search stands, for who waits for it.
struct Standing {
  bool ended = false;     // the trial that was asked about
  bool any_open = false;  // some trial waits or runs
};

/// A store that the workers of one search share. Waiting trials are handed out under a lease that
/// runs out unless it is renewed; then the trial goes to the next who claims one. All times are the
/// database's. While it does not answer, calls wait for it up to StoreConfig::patience; they throw
/// Interrupted where a stop signal comes meanwhile. Within a transaction they do not wait but throw
/// StoreUnavailable, after which nobody knows whether the transaction was made.
class SharedStore : public TrialStore {
 public:
  /// As transaction(), where no other worker is in one; false, and nothing done, where one is.
  virtual bool try_transaction(const std::function<void()>& change) = 0;

  /// The next trial that waits or whose lease ran out, running from now on; nothing where there is
  /// none. A trial that lost too many workers fails instead (kind "lost").
  virtual std::optional<Trial> claim() = 0;
  /// Those of the leases that still hold, from now for a whole duration.
  virtual std::vector<Lease> renew(std::span<const Lease> leases) = 0;
  /// Writes what the trial's evaluation came to, with its curve, under the lease of trial.number
  /// and trial.attempt. False where that lease is lost. Finishing twice with the same result
  /// succeeds.
  virtual bool finish(const Trial& trial, const LearningCurve& curve) = 0;
  /// Puts a trial back whose state is saved: it waits again. False where the lease is lost.
  virtual bool give_back(const Trial& trial) = 0;

  virtual Standing standing(int64_t number) const = 0;
  /// Seconds in which some worker was at work, this moment included; to be called now and then,
  /// more often than a lease lasts. Kept as "elapsed", too.
  virtual double note_time() = 0;
  /// Whether this is the one worker that does what follows the search. It stays so as long as it
  /// lives; where the connection broke and another one took over, later calls throw RunError.
  virtual bool lead() = 0;
  /// Whether any worker has a lease or leads.
  virtual bool busy() const = 0;
};

/// Whose trials they are, and who works on them.
struct SharedExperiment {
  std::string name;           // unique in its database
  std::string configuration;  // its SHA-256
  std::string folder;
  std::string worker;  // for people who look into the database
};

/// Makes the experiment where it is new (read_write); throws UsageError where the database holds
/// another one of that name, or none (read_only). `choices` are copied.
std::unique_ptr<SharedStore> open_postgres_store(const StoreConfig& config,
                                                 const SharedExperiment& experiment,
                                                 const Choices& choices, OpenMode mode);

}  // namespace nas
