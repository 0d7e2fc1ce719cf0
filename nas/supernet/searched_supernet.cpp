#include "nas/supernet/searched_supernet.hpp"

#include <numeric>
#include <string>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/hardware/latency_table.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/execution.hpp"
#include "nas/plan/option_costs.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

CostOf cost_of(const CostTerm& term) {
  using Of = CostTerm::Of;
  if (term.of == Of::latency) {
    return [table = read_latency_table(term.table)](const NetworkPlan& option, const Shape& shape) {
      return gives_zeros(option) ? 0.0 : table.sum(option, shape);  // zeros are never computed
    };
  }
  return [of = term.of](const NetworkPlan& option, const Shape& shape) {
    const Cost counts = cost(option, shape);
    return static_cast<double>(of == Of::parameters ? counts.parameters : counts.multiply_adds);
  };
}

/// Prices by which an even mixture costs `term.weight`; none without a term.
ArchitectureWeights option_prices(const CostTerm& term, const SupernetPlan& plan,
                                  const Shape& input) {
  if (term.weight == 0) return {};
  ArchitectureWeights prices = option_costs(plan, input, cost_of(term));
  double even = 0;
  for (size_t i = 0; i < prices.size(); ++i) {
    const auto options = static_cast<double>(plan.groups[i].options.size());
    even += std::accumulate(prices[i].begin(), prices[i].end(), 0.0) / options;
  }
  for (auto& group : prices) {
    for (double& price : group) price *= even > 0 ? term.weight / even : 0;
  }
  return prices;
}

}  // namespace

SupernetPlan supernet_plan(const Space& space, const DartsSetting& setting) {
  const int64_t cells = setting.stage.cells;
  auto plan = cells > 0 ? space.supernet_of(cells) : space.supernet();
  if (!plan) {
    throw UsageError("this search needs a space with a supernet" +
                     std::string(cells > 0 ? " of any number of cells" : "") + ", and space '" +
                     std::string(space.name()) + "' has none");
  }
  if (setting.stage.skip_dropout > 0) plan = with_skip_dropout(*std::move(plan));
  const int64_t part = setting.stage.partial_channels;
  return with_partial_channels(*std::move(plan), space.task().input,
                               part > 0 ? part : setting.options.partial_channels);
}

SupernetSetting supernet_setting(const DartsSetting& setting, const SupernetPlan& plan,
                                 const Shape& input) {
  const DartsOptions& options = setting.options;
  return {setting.seed,
          setting.device,
          torch::kFloat32,
          make_mixture_rule(options.mixture, options.divergence),
          options.edge_normalization,
          option_prices(options.cost, plan, input)};
}

}  // namespace nas
