#include "nas/qubo/simulated_annealing.hpp"

#include "nas/qubo/temperatures.hpp"

namespace nas {

Read prepare_simulated_annealing(const Ising& ising, const SolverOptions& options) {
  const auto betas = geometric(temperatures_of(ising, options), options.sweeps);
  return [&ising, betas](RandomStream& random) {
    SpinState state(ising, random_spins(ising, random));
    SpinState best = state;
    for (const double beta : betas) {
      for (int64_t i = 0; i < ising.size(); ++i) {
        if (accepted(beta * state.change(i), random)) state.flip(i);
      }
      if (state.energy() < best.energy()) best = state;
    }
    return best.spins();
  };
}

}  // namespace nas
