#include "controllers/successive_halving.hpp"

#include <cmath>

#include "controllers/halving_search.hpp"
#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, SuccessiveHalvingOptions& options) {
  describe(section, static_cast<HalvingOptions&>(options));
  section.integer("points", options.points, {0, 1'000'000, "points"},
                  "with which a bracket begins; 0: as many as leave one at max_budget");
}

std::unique_ptr<Controller> make_successive_halving(const SuccessiveHalvingOptions& options,
                                                    const SearchContext& context) {
  auto budgets = rung_budgets(options, context);
  const double least = std::pow(options.eta, static_cast<double>(budgets.size() - 1));
  const int64_t points = options.points > 0 ? options.points : std::llround(std::ceil(least));
  return make_halving_search({bracket_shape(points, options.eta, std::move(budgets))},
                             make_uniform_sampler(context), context);
}

}  // namespace nas
