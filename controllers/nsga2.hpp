#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct Nsga2Options {
  int64_t population = 20;
  /// Probability that a child has two parents.
  double crossover = 0.5;
  /// Probability that a child is mutated in one choice.
  double mutation = 0.9;
};

void describe(Section& section, Nsga2Options& options);

/// NSGA-II (Deb et al. 2002): fast non-dominated sort, crowding distance, binary tournament;
/// uniform crossover. Steady state: each result enters the population and the worst leaves it, so
/// that no proposal waits for a generation. No point is proposed twice. The best of a screening
/// come first in place of random points.
std::unique_ptr<Controller> make_nsga2(const Nsga2Options& options, const SearchContext& context);

}  // namespace nas
