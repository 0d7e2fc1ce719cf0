#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controllers/history.hpp"
#include "nas/core/json_fwd.hpp"
#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"

namespace nas {

class Section;

/// Defaults as published with Cai et al. 2020.
struct EliteEvolutionOptions {
  int64_t population = 100;
  /// That the next generation descends from.
  int64_t parents = 25;
  /// Probability that a choice of a mutated child is drawn anew.
  double mutation = 0.1;
  /// Share of children that are mutated; the others are crossed.
  double mutated = 0.5;
};

void describe(Section& section, EliteEvolutionOptions& options);

/// Evolution in generations: the best points ever seen are the parents of each, and no point is
/// proposed twice. A failed point counts for nothing and another one takes its place, so that
/// points which keep a constraint fill each generation (Guo et al. 2020, algorithm 1; Cai et al.
/// 2020, section 3.4).
class EliteEvolution {
 public:
  /// `choices` outlives this.
  EliteEvolution(const EliteEvolutionOptions& options, const Choices& choices);

  /// Nothing while the generation waits for results, and where the space is exhausted.
  std::optional<Point> ask(RandomStream& random);
  /// The utility of a point that was asked for; nothing where it failed.
  void tell(const Point& point, std::optional<double> utility);

  Json save() const;
  void load(const Json& json);

 private:
  struct Individual {
    Point point;
    double utility = 0;
  };
  Point child(RandomStream& random) const;
  const Point& parent(RandomStream& random) const;

  EliteEvolutionOptions options_;
  const Choices* choices_;
  ProposedPoints proposed_;
  std::vector<Individual> parents_;   // best first, the earlier of equals
  std::vector<Individual> children_;  // told so far
  int64_t waiting_ = 0;               // asked for and not told yet
};

}  // namespace nas
