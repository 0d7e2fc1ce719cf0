#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct CmaEsOptions {
  /// Points of a generation; at least 4; 0: 4 + 3 ln(choices), the default of the
  /// literature.
  int64_t population = 0;
  /// Standard deviation at the start, in parts of an axis.
  double step = 0.25;
};

void describe(Section& section, CmaEsOptions& options);

/// Evolution strategy with covariance matrix adaptation (Hansen 2016) over the numbers of a space,
/// each on [0, 1], with a margin for whole ones (Hamano et al. 2022); options are drawn by
/// probabilities that follow the better half of each generation. Points beyond an end are
/// reflected. Where it converges it starts over elsewhere with twice the population (Auger &
/// Hansen 2005). With several objectives fronts are ranked, then crowding. A generation is the next
/// `population` results, whichever distribution they were drawn from: workers never wait. After a
/// screening it starts at the best point.
std::unique_ptr<Controller> make_cma_es(const CmaEsOptions& options, const SearchContext& context);

}  // namespace nas
