#include "controllers/registry.hpp"

#include "controllers/annealing.hpp"
#include "controllers/asha.hpp"
#include "controllers/bananas.hpp"
#include "controllers/bohb.hpp"
#include "controllers/cma_es.hpp"
#include "controllers/darts.hpp"
#include "controllers/enas.hpp"
#include "controllers/given.hpp"
#include "controllers/gp.hpp"
#include "controllers/grid.hpp"
#include "controllers/hyperband.hpp"
#include "controllers/local_search.hpp"
#include "controllers/nsga2.hpp"
#include "controllers/once_for_all.hpp"
#include "controllers/pbt.hpp"
#include "controllers/random.hpp"
#include "controllers/regularized_evolution.hpp"
#include "controllers/sobol.hpp"
#include "controllers/spos.hpp"
#include "controllers/successive_halving.hpp"
#include "controllers/tpe.hpp"

namespace nas {

Registry<Controller, const SearchContext&> controller_registry(const TensorControllers& tensor) {
  return {
      {"random", "uniform points", configured_by<RandomOptions>(make_random)},
      {"sobol", "scrambled Sobol' points, more even than random ones (Owen 1995)",
       configured_by<SobolOptions>(make_sobol)},
      {"grid", "every point of a grid in order", configured_by<GridOptions>(make_grid)},
      {"given", "the architectures that the configuration lists",
       configured_by<GivenOptions>(make_given)},
      {"local_search", "first-improvement hill climbing with restarts (White et al. 2021)",
       configured_by<LocalSearchOptions>(make_local_search)},
      {"regularized_evolution", "aging evolution (Real et al. 2019)",
       configured_by<EvolutionOptions>(make_evolution)},
      {"nsga2", "evolution towards the Pareto front (Deb et al. 2002)",
       configured_by<Nsga2Options>(make_nsga2)},
      {"tpe", "tree-structured Parzen estimator (Bergstra et al. 2011)",
       configured_by<TpeOptions>(make_tpe)},
      {"gp", "Gaussian processes and expected improvement, for costly trials (Snoek et al. 2012)",
       configured_by<GpOptions>(make_gp)},
      {"cma_es", "covariance matrix adaptation, with margins for integers (Hansen 2016)",
       configured_by<CmaEsOptions>(make_cma_es)},
      {"bananas", "predictor-guided search (White et al. 2021)",
       configured_by<BananasOptions>(make_bananas)},
      {"annealing", "a quadratic surrogate, minimised by annealing (Kitai et al. 2020)",
       configured_by<AnnealingOptions>(make_annealing)},
      {"successive_halving", "the better ones go on, with more (Jamieson & Talwalkar 2016)",
       configured_by<SuccessiveHalvingOptions>(make_successive_halving)},
      {"hyperband", "brackets of successive halving (Li et al. 2018)",
       configured_by<HyperbandOptions>(make_hyperband)},
      {"asha", "asynchronous successive halving (Li et al. 2020)",
       configured_by<AshaOptions>(make_asha)},
      {"bohb", "hyperband with points of an estimator (Falkner et al. 2018)",
       configured_by<BohbOptions>(make_bohb)},
      {"pbt", "population based training: schedules (Jaderberg et al. 2017)",
       configured_by<PbtOptions>(make_pbt)},
      {"reinforce", "LSTM controller with policy gradients (Zoph & Le 2017)",
       configured_by<ReinforceOptions>(tensor.reinforce)},
      {"ppo", "LSTM controller with proximal policy optimization (Schulman et al. 2017)",
       configured_by<PpoOptions>(tensor.ppo)},
      {"darts", "differentiable search over a supernet (Liu et al. 2019)",
       configured_by<DartsOptions>(make_darts)},
      {"p_darts", "differentiable search, deeper in stages (Chen et al. 2019)",
       configured_by<PDartsOptions>(make_darts)},
      {"pc_darts", "differentiable search on a part of the channels (Xu et al. 2020)",
       configured_by<PcDartsOptions>(make_darts)},
      {"gdas", "differentiable search, one option an edge at a time (Dong & Yang 2019)",
       configured_by<GdasOptions>(make_darts)},
      {"snas", "differentiable search by the concrete distribution (Xie et al. 2019)",
       configured_by<SnasOptions>(make_darts)},
      {"proxyless", "differentiable search on binary paths (Cai et al. 2019)",
       configured_by<ProxylessOptions>(make_darts)},
      {"drnas", "differentiable search by Dirichlet distributions (Chen et al. 2021)",
       configured_by<DrnasOptions>(make_darts)},
      {"once_for_all", "progressive shrinking, then evolution of sub-networks (Cai et al. 2020)",
       configured_by<OnceForAllOptions>(make_once_for_all)},
      {"spos", "evolution in generations, made for shared weights (Guo et al. 2020)",
       configured_by<SposOptions>(make_spos)},
      {"enas", "LSTM policy and shared weights trained in turn (Pham et al. 2018)",
       configured_by<EnasOptions>(make_enas)},
  };
}

}  // namespace nas
