#include "nas/qubo/solver.hpp"

#include <array>

#include "nas/qubo/exhaustive.hpp"
#include "nas/qubo/parallel_tempering.hpp"
#include "nas/qubo/path_integral.hpp"
#include "nas/qubo/qaoa.hpp"
#include "nas/qubo/simulated_annealing.hpp"

namespace nas {

std::span<const SolverRow> solvers() {
  static constexpr std::array<SolverRow, 5> kSolvers{
      {{"sa", "simulated annealing (Kirkpatrick et al. 1983)", prepare_simulated_annealing, 0,
        false},
       {"pt", "parallel tempering (Hukushima & Nemoto 1996)", prepare_parallel_tempering, 0, false},
       {"sqa", "path-integral quantum annealing, simulated (Martonak et al. 2002)",
        prepare_path_integral, 0, false},
       {"qaoa", "quantum approximate optimization, its state simulated (Farhi et al. 2014)",
        prepare_qaoa, kMostQaoaVariables, false},
       {"exact", "every assignment", prepare_exhaustive, kMostExhaustiveVariables, true}}};
  return kSolvers;
}

VariableValues random_spins(const Ising& ising, RandomStream& random) {
  VariableValues spins;
  for (int64_t i = 0; i < ising.size(); ++i) {
    spins.push_back(static_cast<int8_t>(random.below(2) == 0 ? -1 : 1));
  }
  return spins;
}

}  // namespace nas
