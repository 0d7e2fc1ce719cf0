#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "controllers/parzen_mixture.hpp"
#include "controllers/sobol_points.hpp"
#include "controllers/tpe_split.hpp"
#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"

namespace nas {

class Section;

struct TpeOptions {
  /// Even points before the first estimate.
  int64_t startup_trials = 10;
  /// Points drawn from the density of the good ones, of which the most promising is proposed.
  int64_t candidates = 24;
  /// Part of the observations that is good, and their largest number.
  double gamma = 0.2;
  int64_t most_good = 60;
  /// Of the uniform density, in observations.
  double prior_weight = 1;
  /// One density over all choices together; else one of each choice.
  bool multivariate = true;
};

void describe(Section& section, TpeOptions& options);

/// The sampler of a tree-structured Parzen estimator (Bergstra et al. 2011), for controllers: it
/// remembers what was observed and draws points where good observations are dense and others are
/// not. Its draws are pure functions of the observations, of seed and purpose, and of the number
/// of the trial that a point is for.
class TpeSampler {
 public:
  /// References outlive it.
  TpeSampler(const TpeOptions& options, const Choices& choices, uint64_t seed, std::string purpose);

  /// A point with one utility per objective, the larger the better, all finite. Observations of
  /// unlike budgets are kept apart.
  void add(const Point& point, Utilities utilities, Budget budget = 0);
  /// A point that could not be scored: as bad as the worst.
  void add_failed(const Point& point, Budget budget = 0);

  /// A point for trial `number`, from the observations of the largest budget that has
  /// startup_trials of them; from a Sobol' sequence where there is none. `pending` are points whose
  /// scores are not known yet: they count as a little bad, so that others are proposed (constant
  /// liar), and towards startup_trials of the least budget; the more there are, the fewer
  /// observations are good. A point that was observed or is pending is proposed only where chance
  /// finds no other.
  Point propose(int64_t number, std::span<const Point> pending = {}) const;

 private:
  struct Observations {
    std::vector<double> rows;  // coordinates, one observation after another
    std::vector<Utilities> utilities;
    std::vector<size_t> order;   // best first by the first objective
    std::vector<double> failed;  // coordinates, of those without utilities
    size_t count(size_t choices) const { return utilities.size() + failed.size() / choices; }
  };
  /// The observations of an estimate, as rows of coordinates.
  struct Sides {
    std::vector<double> good;
    std::vector<double> weights;  // of the good ones
    double width = 1;             // of the good ones' kernels
    std::vector<double> bad;
    std::vector<double> bad_weights;
  };

  const Observations* model_data(size_t pending) const;
  Sides sides(const Observations& observations, std::span<const Point> pending) const;
  std::vector<Point> candidates(const Sides& sides, RandomStream& random) const;
  Point independent_candidate(const Sides& sides, RandomStream& random) const;

  TpeOptions options_;
  const Choices* choices_;
  UnitCube cube_;
  uint64_t seed_;
  std::string purpose_;
  SobolPoints startup_;
  std::map<Budget, Observations> by_budget_;
  std::set<Point> known_;
};

}  // namespace nas
