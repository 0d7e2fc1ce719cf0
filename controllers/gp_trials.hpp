#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "controllers/gp_likelihood.hpp"
#include "controllers/history.hpp"
#include "controllers/unit_cube.hpp"

namespace nas {

/// At most `most` out of all that `ranking` ranks, the best first; in ascending order. Half of them
/// are the best ones, the others are spread evenly over the rest.
std::vector<size_t> best_and_spread(std::vector<size_t> ranking, size_t most);

/// What a Gaussian process learns from: trials as they were told, and those without result.
class GpTrials {
 public:
  GpTrials(const Choices& choices, const Objectives& objectives, const UnitCube& cube);

  void proposed(int64_t number, const Point& point);
  void told(const Trial& trial);

  const ProposedPoints& points() const { return points_; }
  /// In the order of their numbers.
  std::vector<Features> pending() const;
  /// How many have all objectives, finite; how many failed.
  size_t scored() const { return scored_.size(); }
  size_t failed() const { return failed_.size(); }
  /// Of an objective: smaller is better.
  double loss(size_t scored, size_t objective) const { return scored_[scored].losses[objective]; }
  const Features& features(size_t scored) const { return scored_[scored].features; }

  /// Scored trials by front, the best first; by loss where there is one objective.
  std::vector<size_t> ranking() const;
  /// Whether a point succeeded: -1 for the newest failures, +1 for the newest scores, at most
  /// `most` of each.
  GpData successes(size_t most) const;

  Json save() const;
  void load(const Json& json);

 private:
  struct Scored {
    Point point;
    Features features;
    std::vector<double> losses;
  };
  struct Failed {
    Point point;
    Features features;
  };
  void add_scored(Point point, std::vector<double> losses);
  void add_failed(Point point);

  const Choices* choices_;
  const Objectives* objectives_;
  const UnitCube* cube_;
  ProposedPoints points_;
  std::map<int64_t, Point> pending_;
  std::vector<Scored> scored_;
  std::vector<Failed> failed_;
};

}  // namespace nas
