#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

/// Defaults of the paper's large-scale experiments.
struct EvolutionOptions {
  int64_t population = 100;
  int64_t sample = 25;
};

void describe(Section& section, EvolutionOptions& options);

/// Regularized (aging) evolution, Real et al. 2019, algorithm 1: `population` random points first
/// (the best of a screening where there was one); then the best of `sample` drawn with replacement
/// is mutated in one choice, and the oldest dies. A failed trial never becomes a parent.
std::unique_ptr<Controller> make_evolution(const EvolutionOptions& options,
                                           const SearchContext& context);

}  // namespace nas
