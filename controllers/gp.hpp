#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct GpOptions {
  /// Points of the initial design; 0: one more than there are choices, at most 10.
  int64_t startup_trials = 0;
  /// Whether results are free of noise.
  bool deterministic = false;
  bool input_warp = true;
  bool output_warp = true;
  /// Scored trials that a process is conditioned on.
  int64_t model_trials = 500;
  /// Of the search for the best point to try (GpSearchSettings).
  int64_t candidates = 512;
  int64_t starts = 4;
  /// Outcomes that are imagined for trials without result.
  int64_t futures = 32;
};

void describe(Section& section, GpOptions& options);

/// Bayesian optimization by Gaussian processes, for results that are dear: after a Sobol' design,
/// each point is where the logarithm of the expected improvement (Ament et al. 2023) is largest, or
/// with two objectives that of the expected hypervolume improvement; with more, one objective is
/// made of them by weights drawn anew each time (Knowles 2006). Matérn 5/2 kernel with a length
/// scale a choice, over mixed and conditional choices (GpEmbedding); inputs and outputs are warped;
/// parameters are fitted to the marginal likelihood under priors. Trials without result are given
/// imagined ones; failed ones teach where success is likely. No point is proposed twice while there
/// are others.
///
/// Time of a proposal grows with the cube of the trials in the model, so that from
/// GpOptions::model_trials on these are the best half and a fixed sample of the others.
std::unique_ptr<Controller> make_gp(const GpOptions& options, const SearchContext& context);

}  // namespace nas
