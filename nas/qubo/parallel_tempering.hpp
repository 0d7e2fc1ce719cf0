#pragma once

#include "nas/qubo/solver.hpp"

namespace nas {

/// Parallel tempering (Hukushima & Nemoto 1996): copies at fixed inverse temperatures, geometric
/// between hot and cold, make a Metropolis sweep each; then neighbours, even and odd pairs in turn,
/// change places with probability min(1, exp((beta_a - beta_b) (E_a - E_b))). A read gives the best
/// spins that any copy had at the end of a sweep.
Read prepare_parallel_tempering(const Ising& ising, const SolverOptions& options);

}  // namespace nas
