#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct AnnealingOptions {
  /// Random points before the first surrogate.
  int64_t startup_trials = 20;
  /// By its name among solvers(): sa, pt or sqa.
  std::string solver = "sa";
  int64_t sweeps = 100;
  /// Tries of a proposal.
  int64_t reads = 10;
  /// Of the surrogate's regression.
  double ridge = 1;
  /// Parts that longer intervals are cut into.
  int64_t levels = 8;
};

void describe(Section& section, AnnealingOptions& options);

/// Searches by annealing a surrogate: a quadratic function of the options' bits is fitted to a
/// bootstrap of the trials' normal scores, which stands for a draw of what they leave open
/// (Thompson sampling, as Baptista & Poloczek 2018 draw from a posterior), and minimised as a QUBO;
/// the best point found that was not proposed before is the proposal (compare Kitai et al. 2020,
/// who have a quantum annealer do that). After a screening its best come in place of the random
/// points.
std::unique_ptr<Controller> make_annealing(const AnnealingOptions& options,
                                           const SearchContext& context);

}  // namespace nas
