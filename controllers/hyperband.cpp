#include "controllers/hyperband.hpp"

#include <cmath>

#include "controllers/halving_search.hpp"

namespace nas {

std::vector<BracketShape> hyperband_brackets(const HalvingOptions& options,
                                             const SearchContext& context) {
  const auto budgets = rung_budgets(options, context);
  std::vector<BracketShape> shapes;
  for (size_t first = 0; first < budgets.size(); ++first) {
    const auto s = static_cast<double>(budgets.size() - 1 - first);
    const double points = static_cast<double>(budgets.size()) / (s + 1) * std::pow(options.eta, s);
    shapes.push_back(
        bracket_shape(std::llround(std::ceil(points - 1e-9)), options.eta,
                      {budgets.begin() + static_cast<std::ptrdiff_t>(first), budgets.end()}));
  }
  return shapes;
}

std::unique_ptr<Controller> make_hyperband(const HyperbandOptions& options,
                                           const SearchContext& context) {
  return make_halving_search(hyperband_brackets(options, context), make_uniform_sampler(context),
                             context);
}

}  // namespace nas
