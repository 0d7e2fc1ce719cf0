#include "controllers/stopping_registry.hpp"

#include "controllers/median_stopping.hpp"
#include "controllers/percentile_stopping.hpp"

namespace nas {
namespace {

Maker<StoppingRule, const Objective&> configure_none(Section&) {
  return [](const Objective&) { return nullptr; };
}

}  // namespace

Registry<StoppingRule, const Objective&> stopping_registry() {
  return {{"none", "every trial goes on to its end", configure_none},
          {"median", "stops what is worse than the median of earlier trials (Golovin et al. 2017)",
           configured_by<MedianStoppingOptions>(make_median_stopping)},
          {"percentile", "stops what is not among the best so many percent of earlier trials",
           configured_by<PercentileStoppingOptions>(make_percentile_stopping)}};
}

}  // namespace nas
