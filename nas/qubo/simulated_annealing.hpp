#pragma once

#include "nas/qubo/solver.hpp"

namespace nas {

/// Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983): each sweep visits the spins in order
/// and flips them by Metropolis' rule, at inverse temperatures that rise geometrically. A read
/// gives the best spins at the end of any sweep.
Read prepare_simulated_annealing(const Ising& ising, const SolverOptions& options);

}  // namespace nas
