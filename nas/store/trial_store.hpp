#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nas/search/trial.hpp"

namespace nas {

/// Every trial of one experiment, durable, and the state of its searcher and stages beside them.
/// Errors throw RunError.
class TrialStore {
 public:
  virtual ~TrialStore() = default;

  /// Everything that `change` does becomes durable together, or nothing when it throws. Calls of
  /// the other methods outside are a transaction each. Not nested.
  virtual void transaction(const std::function<void()>& change) = 0;

  /// Adds a trial with a new number.
  virtual void add(const Trial& trial) = 0;
  /// Replaces the trial of this number.
  virtual void update(const Trial& trial) = 0;
  virtual std::optional<Trial> find(int64_t number) const = 0;
  /// In the order of their numbers, from `first` on.
  virtual std::vector<Trial> trials(int64_t first) const = 0;
  std::vector<Trial> trials() const { return trials(0); }
  virtual int64_t size() const = 0;

  /// What a trial reported on the way to its score, by step; empty where it reported nothing.
  virtual void put_curve(int64_t number, const LearningCurve& curve) = 0;
  virtual LearningCurve curve(int64_t number) const = 0;

  /// Named bytes: the controller's state, what stages have done.
  virtual void put(std::string_view key, std::string_view bytes) = 0;
  virtual std::optional<std::string> get(std::string_view key) const = 0;
};

enum class OpenMode { read_only, read_write };

/// `trials.db`: SQLite in WAL mode, synchronous FULL. Brings an older schema forward, whatever the
/// mode. Refuses network file systems and a newer schema. `choices` (copied) name the values of
/// points in the database.
std::unique_ptr<TrialStore> open_sqlite_store(const std::filesystem::path& path,
                                              const Choices& choices, OpenMode mode);

/// Lives as long as the object; for repeated searches over tables.
std::unique_ptr<TrialStore> make_memory_store();

}  // namespace nas
