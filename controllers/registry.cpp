#include "controllers/registry.hpp"

#include "controllers/darts.hpp"
#include "controllers/random.hpp"
#include "controllers/regularized_evolution.hpp"

namespace nas {

Registry<Controller, const SearchContext&> controller_registry(const TensorControllers& tensor) {
  return {
      {"random", "uniform points", configured_by<RandomOptions>(make_random)},
      {"regularized_evolution", "aging evolution (Real et al. 2019)",
       configured_by<EvolutionOptions>(make_evolution)},
      {"reinforce", "LSTM controller with policy gradients (Zoph & Le 2017)",
       configured_by<ReinforceOptions>(tensor.reinforce)},
      {"darts", "differentiable search over a supernet (Liu et al. 2019)",
       configured_by<DartsOptions>(make_darts)},
  };
}

}  // namespace nas
