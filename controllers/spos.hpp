#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

/// Defaults as published.
struct SposOptions {
  /// Points of a generation.
  int64_t population = 50;
  /// Best points of all generations that parents are drawn from.
  int64_t parents = 10;
  /// Points of a generation that have two parents, and that have one; the rest is random.
  int64_t crossovers = 25;
  int64_t mutations = 25;
  /// Probability that a mutation draws a choice anew.
  double mutation = 0.1;
};

void describe(Section& section, SposOptions& options);

/// The evolution of Single Path One-Shot (Guo et al. 2020, algorithm 1), made for evaluator
/// one_shot: generations of crossovers and mutations among the best points so far, the first one
/// random. A generation is proposed when the one before was told. No point is proposed twice.
std::unique_ptr<Controller> make_spos(const SposOptions& options, const SearchContext& context);

}  // namespace nas
