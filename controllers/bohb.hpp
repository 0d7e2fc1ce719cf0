#pragma once

#include <cstdint>
#include <memory>

#include "controllers/halving_options.hpp"
#include "nas/search/controller.hpp"

namespace nas {

/// Defaults of the paper.
struct BohbOptions : HalvingOptions {
  /// Of the points that are uniform whatever was seen, so that hyperband's guarantees hold.
  double random_fraction = 1.0 / 3;
  /// Results of one budget before points follow from them; 0: two more than the choices.
  int64_t startup_trials = 0;
  /// Drawn from the density of the good ones, of which the most promising is proposed.
  int64_t candidates = 64;
};

void describe(Section& section, BohbOptions& options);

/// Falkner et al. 2018: the brackets of hyperband, with points of a tree-structured Parzen
/// estimator over the results of the largest budget that has enough. Screened points come first.
std::unique_ptr<Controller> make_bohb(const BohbOptions& options, const SearchContext& context);

}  // namespace nas
