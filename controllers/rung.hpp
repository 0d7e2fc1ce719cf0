#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// Results of one budget, the best first; those without a finite score come last.
class Rung {
 public:
  struct Entry {
    int64_t trial = 0;
    Point point;
    std::optional<double> utility;  // larger is better; none where the trial failed or was stopped
    bool promoted = false;
  };

  /// Among equals the one added earlier stays before.
  void add(Entry entry);
  void promote(size_t rank) { entries_[rank].promoted = true; }

  const Entry& at(size_t rank) const { return entries_[rank]; }
  size_t size() const { return entries_.size(); }
  /// How many have a score.
  size_t scored() const;
  /// The rank of the best that has a score and was not promoted.
  std::optional<size_t> best_waiting() const;
  /// The rank of a trial, the best has 0.
  std::optional<size_t> rank_of(int64_t trial) const;

  Json save() const;
  void load(const Choices& choices, const Json& json);

 private:
  std::vector<Entry> entries_;
};

}  // namespace nas
