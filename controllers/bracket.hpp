#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "controllers/halving_options.hpp"
#include "controllers/rung.hpp"
#include "nas/search/controller.hpp"

namespace nas {

/// How many points a bracket of successive halving has at each budget, ascending.
struct BracketShape {
  double eta = 3;
  std::vector<int64_t> sizes;
  std::vector<Budget> budgets;
};

/// `points` at the lowest of `budgets`, and of the points at each the best floor(n / eta) at the
/// next.
BracketShape bracket_shape(int64_t points, double eta, std::vector<Budget> budgets);

/// One bracket: of each rung the best go on to the next. The first of them do before all its
/// results are there, where those that are missing cannot change that they belong to the best: the
/// same points go on as if each rung waited (Li et al. 2018, algorithm 1), and are known earlier.
class Bracket {
 public:
  explicit Bracket(BracketShape shape);

  /// Whether it waits for points to start with.
  bool wants_points() const { return asked_.front() < shape_.sizes.front(); }
  Proposal start(Point point);
  /// The next promotion, at the largest budget where one is certain; nothing before more results
  /// come. How many there have been depends on the numbers of results and failures alone.
  std::optional<Proposal> promote();
  /// Makes do with the points that it was given; the best of them goes on to the end.
  void close();
  /// The result of a trial in `rung`.
  void tell(size_t rung, Rung::Entry entry);

  bool done() const { return done_; }
  /// Whether a trial that was told may still be promoted.
  bool may_promote(int64_t trial) const;
  size_t rungs() const { return shape_.sizes.size(); }
  /// Of the proposal made last.
  size_t last_rung() const { return last_rung_; }

  Json save() const;
  /// `json` is what a bracket of the same shape saved.
  void load(const Choices& choices, const Json& json);

 private:
  bool complete(size_t rung) const;
  void settle(size_t rung);

  BracketShape shape_;
  std::vector<Rung> told_;
  std::vector<int64_t> asked_;  // by rung
  size_t last_rung_ = 0;
  bool done_ = false;
};

}  // namespace nas
