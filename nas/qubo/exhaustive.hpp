#pragma once

#include "nas/qubo/solver.hpp"

namespace nas {

/// Each further one doubles the time.
inline constexpr int64_t kMostExhaustiveVariables = 32;

/// The ground state by looking at all 2^n assignments. The last ten spins have a table of their
/// 1,024 energies among themselves; beside each assignment of the others, two additions a state
/// complete them. Nothing is carried from state to state, so that no rounding piles up. Of several
/// ground states the first met.
Read prepare_exhaustive(const Ising& ising, const SolverOptions& options);

}  // namespace nas
